using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using NumSharp;
using Spectre.Console;

namespace AlexNetTF.Tool;

/// <summary>alexnet bench: what this machine reaches.</summary>
internal sealed class BenchCommand
{
    private readonly Option<int[]> batches = new("--batch")
    {
        Description = "Batch sizes to time: 1,8,32.",
        DefaultValueFactory = _ => [1, 32, 128],
        CustomParser = ReadBatches,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<bool> cold = new("--cold") { Description = "Time the first answer of this process: reading --weights, preparing, one picture." };
    private readonly Option<bool> limits = new("--limits") { Description = "Measure the machine: fused multiply-adds per second and memory bandwidth." };
    private readonly Option<string?> weights = new("--weights") { Description = "The weight file for --cold." };
    private readonly Option<string?> trace = new("--trace") { Description = "Write the steps of one call with the first batch size as a Chrome trace (chrome://tracing, ui.perfetto.dev), and print the longest." };
    private readonly EngineOptions engine;
    private readonly OutputOptions output;

    private BenchCommand(Command command)
    {
        command.Add(batches);
        command.Add(cold);
        command.Add(limits);
        command.Add(weights);
        command.Add(trace);
        engine = EngineOptions.AddTo(command);
        output = OutputOptions.AddTo(command);
        command.SetAction(Run);
    }

    public static Command Create()
    {
        var command = new Command("bench", "Measures this machine: time per batch and per layer, its limits, start-up.");
        _ = new BenchCommand(command);
        return command;
    }

    private static int[] ReadBatches(ArgumentResult result)
    {
        var sizes = new List<int>();
        foreach (string text in result.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size > 0) sizes.Add(size);
            else result.AddError($"--batch {text}: batch sizes are whole numbers from 1, several with commas: --batch 1,8,32");
        }

        return [.. sizes];
    }

    private int Run(ParseResult parsed)
    {
        OutputChoice choice = output.Read(parsed);
        SessionOptions options = engine.Read(parsed);
        JsonObject result;
        if (parsed.GetValue(trace) is not null && (parsed.GetValue(cold) || parsed.GetValue(limits))) throw new UsageException("--trace goes with batches, neither with --cold nor with --limits");
        if (parsed.GetValue(cold)) result = Cold(parsed.GetValue(weights) ?? throw new UsageException("--cold needs --weights FILE"), options);
        else if (parsed.GetValue(limits)) result = Limits(options);
        else result = Batches(parsed.GetValue(batches)!, options, parsed.GetValue(trace));
        if (choice.Json) Json.Print(result);
        else Print(result);
        return ExitCode.Done;
    }

    private static JsonObject Cold(string path, SessionOptions options)
    {
        using ImageClassifier classifier = ImageClassifier.Load(path, new ClassifierOptions { Session = options });
        var grey = new byte[227 * 227 * 3];
        classifier.Classify(ImageSource.FromPixels(grey, 227, 227, 227 * 3, PixelFormat.Bgr24), 1);
        double milliseconds = (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalMilliseconds;
        using Process process = Process.GetCurrentProcess();
        return new JsonObject
        {
            ["firstAnswerMilliseconds"] = Math.Round(milliseconds, 1),
            ["peakResidentMegabytes"] = Math.Round(process.PeakWorkingSet64 / 1e6, 1),
            ["weightMegabytes"] = Math.Round(new FileInfo(path).Length / 1e6, 1),
        };
    }

    private static JsonObject Limits(SessionOptions options)
    {
        MachineLimits measured = MachineLimits.Measure(options.Threads);
        return new JsonObject
        {
            ["gflops"] = Math.Round(measured.GigaflopsPerSecond, 1),
            ["gigabytesPerSecond"] = Math.Round(measured.GigabytesPerSecond, 1),
            ["vectorBits"] = measured.VectorBits,
            ["width"] = measured.IsFullWidth ? "full" : "half",
        };
    }

    private static JsonObject Batches(int[] sizes, SessionOptions options, string? trace)
    {
        using ImageClassifier classifier = ImageClassifier.FromSeed(new ClassifierOptions { Seed = 1, Session = options });
        var rows = new JsonArray();
        foreach (int size in sizes)
        {
            Feeds feeds = FeedsOf(classifier.Network, size);
            double milliseconds = Median(() => classifier.Session.Run(classifier.Network.Fc8, feeds));
            rows.Add(new JsonObject { ["batch"] = size, ["milliseconds"] = Math.Round(milliseconds, 2), ["picturesPerSecond"] = Math.Round(size * 1000 / milliseconds, 1) });
        }

        var result = new JsonObject { ["machine"] = MachineLimits.MachineName, ["threads"] = options.Threads, ["batches"] = rows, ["layers"] = Layers(classifier) };
        if (trace is not null) result["steps"] = Steps(classifier, sizes[0], trace);
        return result;
    }

    private static JsonArray Steps(ImageClassifier classifier, int batch, string path)
    {
        var trace = new RunTrace();
        Feeds feeds = FeedsOf(classifier.Network, batch);
        for (int i = 0; i < 3; i++) classifier.Session.Run(classifier.Network.Fc8, feeds, trace);
        trace.WriteChromeTrace(path);
        return [.. trace.Steps.OrderByDescending(step => step.Duration).Take(20).Select(step => (JsonNode)new JsonObject
        {
            ["step"] = step.Name,
            ["op"] = step.Op,
            ["milliseconds"] = Math.Round(step.Duration.TotalMilliseconds, 3),
            ["share"] = Math.Round(step.Duration / trace.Duration, 3),
            ["outputMegabytes"] = Math.Round(step.OutputBytes / 1e6, 3),
        })];
    }

    // Time up to a layer minus time up to the one before it.
    private static JsonArray Layers(ImageClassifier classifier)
    {
        AlexNet net = classifier.Network;
        Feeds feeds = FeedsOf(net, 1);
        double before = 0;
        var rows = new JsonArray();
        foreach (string layer in net.LayerNames)
        {
            double upTo = Median(() => classifier.Session.Run(net[layer].Op, feeds));
            rows.Add(new JsonObject { ["layer"] = layer, ["milliseconds"] = Math.Round(Math.Max(0, upTo - before), 3) });
            before = Math.Max(before, upTo);
        }

        return rows;
    }

    private static Feeds FeedsOf(AlexNet net, int batch) => new() { [net.Input] = Pictures(batch), [net.KeepProb] = 1f };

    private static NDArray Pictures(int batch)
    {
        var values = new float[batch * 227 * 227 * 3];
        for (int i = 0; i < values.Length; i++) values[i] = (i * 7919 % 256) - 117;
        NDArray flat = values;
        return flat.reshape(batch, 227, 227, 3);
    }

    private static double Median(Action run)
    {
        run();
        run();
        var times = new List<double>();
        var total = Stopwatch.StartNew();
        while (times.Count < 5 || (times.Count < 50 && total.ElapsedMilliseconds < 1000))
        {
            long start = Stopwatch.GetTimestamp();
            run();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        return times[times.Count / 2];
    }

    private static void Print(JsonObject result)
    {
        foreach ((string name, JsonNode? value) in result)
        {
            if (value is JsonArray rows) Terminal.Out.Write(ToTable(rows));
            else Console.Out.WriteLine($"{name} {value}");
        }
    }

    private static Table ToTable(JsonArray rows)
    {
        string[] heads = [.. rows[0]!.AsObject().Select(pair => pair.Key)];
        Table table = Terminal.Table(heads);
        foreach (JsonNode? row in rows) table.AddRow([.. row!.AsObject().Select(pair => Markup.Escape(pair.Value!.ToString()))]);
        foreach (TableColumn column in table.Columns) column.RightAligned();
        return table;
    }
}
