using System.CommandLine;

namespace AlexNetTF.Tool;

/// <summary>Who computes and how.</summary>
internal sealed class EngineOptions
{
    private readonly Option<string> engine = new Option<string>("--engine")
    {
        Description = "Who computes: the library's own engine, or TensorFlow.",
        DefaultValueFactory = _ => "managed",
    }.AcceptOnlyFromAmong("managed", "tensorflow");

    private readonly Option<string> device = new("--device")
    {
        Description = "Where: auto, cpu, or gpu[:n] (needs --engine tensorflow).",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<int> threads = new("--threads")
    {
        Description = "Threads of one run; 0 for all cores. Results do not depend on it.",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<string> precision = new Option<string>("--precision")
    {
        Description = "How the weights of fully connected layers are read: as they are, or as 8-bit integers (faster, scores a little off).",
        DefaultValueFactory = _ => "float32",
    }.AcceptOnlyFromAmong("float32", "int8");

    private Option[] Owned => [engine, device, threads, precision];

    public static EngineOptions AddTo(Command command)
    {
        var options = new EngineOptions();
        foreach (Option option in options.Owned) command.Add(option);
        return options;
    }

    /// <summary>Whether any of them was given.</summary>
    public bool AreGiven(ParseResult parsed) => Owned.Any(option => parsed.GetResult(option) is { Implicit: false });

    /// <summary>Whether an option is one of these.</summary>
    public bool Has(Option option) => Owned.Contains(option);

    /// <summary>What was chosen.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="inCluster">Whether a cluster runs it, for which TensorFlow is the only engine.</param>
    public SessionOptions Read(ParseResult parsed, bool inCluster = false)
    {
        int count = parsed.GetValue(threads);
        if (count < 0) throw new UsageException($"--threads {count} must be 0 (all cores) or more");
        bool managed = parsed.GetValue(engine) == "managed" && !inCluster;
        if (inCluster && parsed.GetResult(engine) is { Implicit: false } && parsed.GetValue(engine) == "managed") throw new UsageException("--engine managed cannot run in a cluster: leave it out, or use --engine tensorflow");
        Precision held = parsed.GetValue(precision) == "int8" ? Precision.Int8 : Precision.Float32;
        if (held != Precision.Float32 && !managed) throw new UsageException("--precision int8 needs the managed engine; TensorFlow computes as the graph says");
        string where = parsed.GetValue(device)!;
        RequireDevice(where, managed);
        return new SessionOptions { Engine = managed ? Engine.Managed : Engine.TensorFlow, Device = where, Threads = count, Precision = held, GpuMemoryGrowth = true };
    }

    // An explicit device never falls back to another; whether it is there, the engine says.
    private static void RequireDevice(string text, bool managed)
    {
        if (text is "auto" or "cpu") return;
        string[] parts = text.Split(':');
        bool isGpu = parts[0] == "gpu" && (parts.Length == 1 || (parts.Length == 2 && int.TryParse(parts[1], out int index) && index >= 0));
        if (!isGpu) throw new UsageException($"--device {text}: use auto, cpu, gpu or gpu:n");
        if (managed) throw new UsageException($"--device {text}: the managed engine computes on the CPU; a GPU needs --engine tensorflow");
    }
}
