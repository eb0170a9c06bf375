module github.com/gyr-dev/gyr/loader/testdata/publicsdk

go 1.22

require github.com/falcosecurity/plugin-sdk-go v0.8.3
