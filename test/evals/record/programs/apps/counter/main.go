// Small programs of a shop's counter, one for each library: counter NAME [ARGUMENTS…].
package main

import (
	"fmt"
	"os"
)

func main() {
	programs := map[string]func([]string){
		"baskets": baskets, "probe": probe, "migrate": migrate, "orders": orders, "settings": settings, "ticker": ticker,
	}
	if len(os.Args) < 2 || programs[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "counter: which program?")
		os.Exit(64)
	}
	programs[os.Args[1]](os.Args[2:])
}
