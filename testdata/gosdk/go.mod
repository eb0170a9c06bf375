module gyr.test/gosdk

go 1.26

require github.com/falcosecurity/plugin-sdk-go v0.8.3
