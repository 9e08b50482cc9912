#!/usr/bin/perl
# Books stock movements in PostgreSQL: stock.pl MODE
use strict;
use warnings;
use DBI;
use POSIX 'strftime';
$| = 1;

my $mode = shift;
my $dsn = 'dbi:Pg:dbname=stock;host=stock-db;port=5432';
sub say_it { my ($level, $text) = @_; $text =~ s/\n+/ | /g; print strftime('%d/%b/%Y:%H:%M:%S', gmtime), " stock[$$] $level $text\n" }
sub open_db { DBI->connect($dsn, 'stock', 'pw', { RaiseError => 1, PrintError => 0 }) }

say_it('info', 'stock 2.8, perl ' . $^V . ', DBD::Pg ' . do { require DBD::Pg; $DBD::Pg::VERSION });
my @kept;
for my $n (1 .. 14) {
    eval {
        my $db = open_db();
        push @kept, $db if $mode eq 'keep';
        if ($mode eq 'cross' && $n > 6) {
            $db->begin_work;
            my @order = $$ % 2 ? (1, 2) : (2, 1);
            $db->do('UPDATE shelf SET pieces = pieces + 1 WHERE id = ?', undef, $order[0]);
            sleep 2;
            $db->do('UPDATE shelf SET pieces = pieces - 1 WHERE id = ?', undef, $order[1]);
            $db->commit;
        }
        elsif ($mode eq 'slow' && $n > 5) {
            $db->do(q{SET statement_timeout = '900ms'});
            $db->do('SELECT count(*) FROM movement a JOIN movement b ON a.note <> b.note');
        }
        else {
            $db->do(q{SET lock_timeout = '700ms'}) if $mode eq 'lock';
            $db->do('UPDATE shelf SET pieces = pieces + 1 WHERE id = 3');
        }
        say_it('info', "movement $n booked");
        say_it('warn', "movement $n has no reason, 'count' is taken") if $n % 4 == 0;
        1;
    } or say_it('error', "movement $n not booked: $@");
    select undef, undef, undef, 0.25;
}
