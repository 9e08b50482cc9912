module shipping

go 1.21
