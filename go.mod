module github.com/gyr-dev/gyr

go 1.26
