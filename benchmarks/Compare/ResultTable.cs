using System.Globalization;
using System.Text.Json.Nodes;

namespace AlexNetTF.Benchmarks;

/// <summary>Prints rows as they come, or one JSON document at the end.</summary>
internal sealed class ResultTable : IDisposable
{
    private readonly bool json;
    private readonly MachineLimits limits = MachineLimits.Measure();
    private readonly JsonArray rows = [];

    public ResultTable(bool json)
    {
        this.json = json;
        if (json) return;
        Console.WriteLine($"{MachineLimits.MachineName}, {Width} width ({limits.VectorBits} bits), {limits.GigaflopsPerSecond:F0} GFLOP/s, {limits.GigabytesPerSecond:F0} GB/s");
        Console.WriteLine($"{"row",-14} {"ours",10} {"",5} peers: value (ratio, above 1 is better)");
    }

    private string Width => limits.IsFullWidth ? "full" : "half";

    public void Add(Row row)
    {
        var peers = new JsonObject();
        foreach (PeerValue peer in row.Peers) peers[peer.Peer] = new JsonObject { ["value"] = peer.Value, ["ratio"] = peer.Ratio };
        rows.Add(new JsonObject { ["name"] = row.Name, ["ours"] = row.Ours, ["unit"] = row.Unit, ["peers"] = peers });
        if (json) return;
        Console.WriteLine($"{row.Name,-14} {Number(row.Ours),10} {row.Unit,-5} {string.Join("   ", row.Peers.Select(peer => $"{peer.Peer} {Number(peer.Value)} ({Number(peer.Ratio)})"))}");
    }

    public void Dispose()
    {
        if (!json) return;
        var document = new JsonObject
        {
            ["machine"] = MachineLimits.MachineName,
            ["width"] = Width,
            ["limits"] = new JsonObject { ["gflops"] = limits.GigaflopsPerSecond, ["gigabytes_per_second"] = limits.GigabytesPerSecond },
            ["rows"] = rows,
        };
        Console.WriteLine(document.ToJsonString(new() { WriteIndented = true }));
    }

    private static string Number(double value) => value.ToString(value < 100 ? "F2" : "F0", CultureInfo.InvariantCulture);
}
