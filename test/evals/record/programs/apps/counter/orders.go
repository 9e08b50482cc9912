package main

import (
	"log"
	"os"
	"time"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

type line struct {
	ID       uint
	Customer string
	Cents    int
}

// orders sums up the orders of customers with gorm, which tells of what is slow.
func orders(arguments []string) {
	out := log.New(os.Stdout, "", log.LstdFlags)
	db, err := gorm.Open(postgres.Open(arguments[0]), &gorm.Config{
		Logger: logger.New(out, logger.Config{SlowThreshold: 200 * time.Millisecond, LogLevel: logger.Warn}),
	})
	if err != nil {
		out.Fatal(err)
	}
	for n := 1; n <= 14; n++ {
		var sum int
		begun := time.Now()
		db.Raw("SELECT coalesce(sum(cents), 0) FROM lines WHERE customer = ?", "customer-"+string(rune('a'+n%7))).Scan(&sum)
		out.Printf("statement %d: %d cents, 0 errors, page took %d ms", n, sum, time.Since(begun).Milliseconds())
		if n == 4 {
			db.Exec("DROP INDEX IF EXISTS lines_customer")
			db.Exec("INSERT INTO lines (customer, cents) SELECT 'customer-' || md5(n::text), n FROM generate_series(1, 3000000) n")
		}
		time.Sleep(300 * time.Millisecond)
	}
}
