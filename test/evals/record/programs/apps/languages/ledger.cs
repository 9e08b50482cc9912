using System;
using System.Collections.Generic;
using System.Threading;

// A ledger that posts entries; what it is told to do wrong is its first argument.
static class Ledger
{
    static readonly List<byte[]> kept = new List<byte[]>();

    static void Say(string level, string text)
    {
        Console.WriteLine($"{DateTime.UtcNow:yyyy-MM-dd HH:mm:ss,fff} {level,-5} [{Thread.CurrentThread.ManagedThreadId}] Acme.Ledger - {text}");
    }

    static int Main(string[] args)
    {
        var mode = args.Length > 0 ? args[0] : "";
        Say("INFO", "Ledger 5.3 starting");
        Say("WARN", "TimeZone database is older than 400 days");
        for (var n = 1; n <= 12; n++)
        {
            Say("INFO", $"posted batch {n}, {n * 40} entries");
            if (n % 5 == 0) Say("WARN", $"batch {n} was slow: {900 + n} ms");
            if (mode == "settle" && n == 9) Settlement.Close(n);
            if (mode == "archive") Keep(n);
            if (mode == "tree" && n == 7) Console.WriteLine(Depth(1));
            Thread.Sleep(150);
        }
        if (mode == "console")
        {
            Say("INFO", "press ENTER to stop");
            Console.ReadLine();
            Say("INFO", "stopped, 12 batches posted");
        }
        return 0;
    }

    static int Depth(int n) { return Depth(n + 1) + 1; }

    static void Keep(int n)
    {
        for (var m = 0; m < 6; m++) kept.Add(new byte[1 << 20]);
        Say("DEBUG", $"archive holds {kept.Count} MB");
    }
}

static class Settlement
{
    static readonly Dictionary<string, decimal> rates = new Dictionary<string, decimal> { { "EUR", 1m }, { "USD", 1.08m } };

    public static void Close(int day)
    {
        try { Post(day, rates["CHF"]); }
        catch (KeyNotFoundException missing) { throw new InvalidOperationException($"day {day} cannot be closed", missing); }
    }

    static void Post(int day, decimal rate) { Console.WriteLine(day * rate); }
}
