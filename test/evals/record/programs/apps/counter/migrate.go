package main

import (
	"database/sql"
	"log"
	"os"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// migrate brings the database at the first argument to the newest of the migrations in the second.
func migrate(arguments []string) {
	db, err := sql.Open("pgx", arguments[0])
	if err != nil {
		log.Fatal(err)
	}
	goose.SetLogger(log.New(os.Stdout, "", log.LstdFlags))
	_ = goose.SetDialect("postgres")
	if err := goose.Up(db, arguments[1]); err != nil {
		log.Printf("goose run: %v", err)
		os.Exit(1)
	}
}
