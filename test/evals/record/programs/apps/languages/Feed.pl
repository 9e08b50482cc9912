#!/usr/bin/perl
# A feed importer with Mojo's logger: Feed.pl MODE
use strict;
use warnings;
use Mojo::Log;
use Mojo::UserAgent;
use Mojo::JSON 'decode_json';

my ($mode, $url) = @ARGV;
my $log = Mojo::Log->new;
$log->info('feed importer 3.2, 6 feeds');
$log->warn('feed 4 has no etag, it is read in full');
my $ua = Mojo::UserAgent->new(max_redirects => 2, connect_timeout => 3);

sub prices {
    my $json = shift;
    my $feed = decode_json($json);
    return map { $_->{price}{amount} * 100 } @{ $feed->{items} };
}

for my $n (1 .. 6) {
    $log->info("feed $n: reading");
    if ($mode eq 'fetch') {
        my $tx = $ua->get("$url/feed/$n");
        if (my $failed = $tx->error) {
            $log->error("feed $n of $url: " . ($failed->{code} // '-') . " $failed->{message}");
            next;
        }
    }
    my @cents = prices($mode eq 'shape' && $n == 5 ? '{"items":"none"}' : '{"items":[{"price":{"amount":12}}]}');
    $log->info("feed $n: " . scalar(@cents) . ' prices imported');
    select undef, undef, undef, 0.3;
}
$log->info('done');
