using System.Diagnostics;
using System.Globalization;
using AlexNetTF.Kernels;
using NumSharp;
using SkiaSharp;

namespace AlexNetTF.Benchmarks;

/// <summary>
/// <c>scaling</c>: how speed follows threads, batch, vector width, the size of pictures and the number of callers of one session, as
/// tables in Markdown and plots in a folder.
/// </summary>
internal sealed class ScalingReport
{
    private static readonly int[] Powers = [1, 2, 4, 8, 16, 32, 64, 128, 256];
    private readonly Graph _graph = new();
    private readonly AlexNet _net;
    private readonly Operation _initializer;
    private readonly string _folder;
    private readonly double _seconds;

    private ScalingReport(string folder, double seconds)
    {
        (_folder, _seconds) = (folder, seconds);
        _graph.SetRandomSeed(1);
        _net = new AlexNet(_graph.Placeholder(DType.Float32, new Shape(null, 227, 227, 3), "x"), 1f, 1000);
        _initializer = _graph.GlobalVariablesInitializer();
    }

    /// <summary>Measures and prints everything.</summary>
    /// <param name="folder">Where the plots go.</param>
    /// <param name="seconds">How long each number is measured at least.</param>
    internal static void Print(string folder, double seconds)
    {
        MachineLimits limits = MachineLimits.Measure(0);
        Console.WriteLine($"{MachineLimits.MachineName}, {limits.GigaflopsPerSecond:F0} GFLOP/s, {limits.GigabytesPerSecond:F0} GB/s");
        var report = new ScalingReport(folder, seconds);
        report.Threads();
        report.Batches();
        report.Widths();
        report.Callers();
        report.Pictures();
    }

    private void Threads()
    {
        int[] counts = [.. Powers.Where(count => count < Workers.Cores), Workers.Cores];
        double[][] times = [.. counts.Select(count => Times(count, 1, 32))];
        Head("threads", "batch 1, ms", "gain", "batch 32, ms", "gain");
        for (int i = 0; i < counts.Length; i++)
            Row(counts[i], times[i][0], times[0][0] / times[i][0], times[i][1], times[0][1] / times[i][1]);
        if (counts.Length > 1)
            Plot("threads", "Pictures per second", "threads", counts, new Series("batch 1", [.. times.Select(time => 1e3 / time[0])]), new Series("batch 32", [.. times.Select(time => 32e3 / time[1])]));
    }

    private void Batches()
    {
        double[] times = Times(0, Powers);
        Head("batch", "ms per call", "pictures per second");
        for (int i = 0; i < Powers.Length; i++)
            Row(Powers[i], times[i], Powers[i] * 1e3 / times[i]);
        Plot("batch", "Pictures per second", "batch", Powers, new Series("pictures/s", [.. times.Select((time, i) => Powers[i] * 1e3 / time)]));
    }

    private void Widths()
    {
        VectorWidth own = Simd.Width;
        int[] widths = [128, 256, 512];
        double[][] times =
        [
            .. widths.Select(bits =>
            {
                Simd.Width = (VectorWidth)bits;
                return Times(0, 1, 32);
            }),
        ];
        Simd.Width = own;
        Head($"vector bits (here: {(int)own})", "batch 1, ms", "batch 32, ms");
        for (int i = 0; i < widths.Length; i++)
            Row(widths[i], times[i][0], times[i][1]);
        Plot("width", "Pictures per second", "vector bits", widths, new Series("batch 1", [.. times.Select(time => 1e3 / time[0])]), new Series("batch 32", [.. times.Select(time => 32e3 / time[1])]));
    }

    // Callers that each ask for one picture after the other in the same session.
    private void Callers()
    {
        using Session session = Open(0);
        int[] counts = [.. Powers.Where(count => count <= 32)];
        double[] rates = [.. counts.Select(count => Rate(session, count))];
        Head("callers of one session", "pictures per second", "ms per call");
        for (int i = 0; i < counts.Length; i++)
            Row(counts[i], rates[i], counts[i] * 1e3 / rates[i]);
        Plot("callers", "Pictures per second", "callers of one session", counts, new Series("pictures/s", rates));
    }

    private double Rate(Session session, int callers)
    {
        Feeds[] feeds = [.. Enumerable.Range(0, callers).Select(_ => FeedsOf(1))];
        Ask(0.2);
        return Ask(Math.Max(1, 2 * _seconds));

        double Ask(double seconds)
        {
            long start = Stopwatch.GetTimestamp();
            int calls = 0;
            Thread[] threads =
            [
                .. feeds.Select(own => new Thread(() =>
                {
                    do
                    {
                        session.Run(_net.Fc8, own);
                        Interlocked.Increment(ref calls);
                    }
                    while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds);
                })),
            ];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            return calls / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    private void Pictures()
    {
        int[] sizes = [256, 512, 1024, 2048];
        string folder = Directory.CreateTempSubdirectory("alexnet-scaling").FullName;
        try
        {
            string[] paths = [.. sizes.Select(size => Photograph(folder, size))];
            // The first pictures wait for the compiler.
            _ = Timing.Best(2 * _seconds, () => Parallel.ForEach(paths, path => ImageInput.Load(path, Preprocessing.Bvlc).Dispose()));
            double[] one = [.. paths.Select(path => 1 / Timing.Best(_seconds, () => ImageInput.Load(path, Preprocessing.Bvlc).Dispose()))];
            const int Each = 8;
            double[] all = [.. paths.Select(path => Each * Workers.Cores / Timing.Best(_seconds, () => Parallel.For(0, Each * Workers.Cores, _ => ImageInput.Load(path, Preprocessing.Bvlc).Dispose())))];
            Head("JPEG, pixels a side", "pictures per second, 1 thread", $"{Workers.Cores} threads");
            for (int i = 0; i < sizes.Length; i++)
                Row(sizes[i], one[i], all[i]);
            Plot("pictures", "Pictures decoded and resized per second", "JPEG, pixels a side", sizes, new Series("1 thread", one), new Series($"{Workers.Cores} threads", all));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Photograph(string folder, int size)
    {
        using SKBitmap photograph = SKBitmap.Decode(Path.Combine("samples", "images", "zebra.jpeg"));
        using SKBitmap scaled = photograph.Resize(new SKImageInfo(size, size), new SKSamplingOptions(SKCubicResampler.Mitchell));
        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{size}.jpeg"));
        using FileStream file = File.Create(path);
        scaled.Encode(file, SKEncodedImageFormat.Jpeg, 90);
        return path;
    }

    private Session Open(int threads)
    {
        var session = new Session(_graph, new SessionOptions { Threads = threads });
        session.Run(_initializer);
        return session;
    }

    // Medians in milliseconds, one per batch.
    private double[] Times(int threads, params int[] batches)
    {
        using Session session = Open(threads);
        return [.. batches.Select(batch => Median(session, FeedsOf(batch)))];
    }

    private double Median(Session session, Feeds feeds)
    {
        session.Run(_net.Fc8, feeds);
        session.Run(_net.Fc8, feeds);
        var times = new List<double>();
        while (times.Count < 3 || times.Sum() < _seconds * 1e3)
        {
            long start = Stopwatch.GetTimestamp();
            session.Run(_net.Fc8, feeds);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        return times[times.Count / 2];
    }

    private Feeds FeedsOf(int batch)
    {
        var pictures = new float[batch * 227 * 227 * 3];
        for (int i = 0; i < pictures.Length; i++)
            pictures[i] = (int)((uint)(i * 2654435761L) >> 24) - 117;
        return new Feeds { [_net.Input] = new NDArray(pictures).reshape(batch, 227, 227, 3) };
    }

    private static void Head(params string[] columns)
    {
        Console.WriteLine($"\n| {string.Join(" | ", columns)} |");
        Console.WriteLine($"|{string.Concat(columns.Select(_ => "---:|"))}");
    }

    private static void Row(int label, params double[] values) =>
        Console.WriteLine($"| {label} | {string.Join(" | ", values.Select(value => value.ToString(value < 100 ? "F2" : "F0", CultureInfo.InvariantCulture)))} |");

    private void Plot(string name, string title, string axis, int[] labels, params Series[] series)
    {
        string path = Path.Combine(_folder, $"scaling-{name}.svg");
        SvgPlot.Write(path, title, axis, [.. labels.Select(label => label.ToString(CultureInfo.InvariantCulture))], series);
        Console.WriteLine($"\n![{title} by {axis}]({Path.GetFileName(path)})");
    }
}
