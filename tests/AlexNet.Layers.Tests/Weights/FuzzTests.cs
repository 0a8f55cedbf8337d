using System.Diagnostics;
using System.Globalization;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Weights;

/// <summary>
/// Mutations of the golden files, blind and reproducible: whatever the bytes, a reader gives values or a
/// FileFormatException, within two seconds and without large allocations. ALEXNET_FUZZ sets the cases per format.
/// </summary>
[NonParallelizable]
public sealed class FuzzTests
{
    private const int DefaultCases = 1000;
    private const long ConstantAllocation = 8_000_000;

    private static readonly int Cases =
        int.TryParse(Environment.GetEnvironmentVariable("ALEXNET_FUZZ"), CultureInfo.InvariantCulture, out int cases) ? cases : DefaultCases;

    [TestCase("npy", "*.np?")]
    [TestCase("safetensors", "*.safetensors")]
    [TestCase("caffemodel", "*.caffemodel")]
    [TestCase("onnx", "*.onnx")]
    [TestCase("pytorch", "*.pth")]
    [TestCase("graphdef", "*.pb")]
    [TestCase("checkpoint", "*.index")]
    public void Any_bytes_give_values_or_a_typed_error(string folder, string pattern) => Fuzz(folder, pattern, ReadAll);

    [TestCase("events", "*tfevents*")]
    [TestCase("graphdef", "unfrozen*")]
    [TestCase("graphdef", "frozen*.pb")]
    [TestCase("onnx", "*.onnx")]
    public void Any_bytes_are_described_or_refused(string folder, string pattern) => Fuzz(folder, pattern, path => WeightFile.Inspect(path));

    private static void Fuzz(string folder, string pattern, Action<string> read)
    {
        string[] paths = [.. Directory.EnumerateFiles(Golden.Folder(folder), pattern, SearchOption.AllDirectories)
            .Where(path => !path.EndsWith(".json", StringComparison.Ordinal) && !path.EndsWith(".tsv", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Where(path => Survives(path, new FileInfo(path).Length, path, read))];
        // Mutations start at good files: those of a bad one mostly fail where it did.
        Assert.That(paths, Is.Not.Empty);
        byte[][] seeds = [.. paths.Select(File.ReadAllBytes)];
        using var temporary = new TempFolder();
        string path = temporary["case" + Path.GetExtension(paths[0])];
        int done = 0;
        for (int i = 0; i < Cases; i++)
        {
            var random = new Random(i);
            int seed = random.Next(seeds.Length);
            byte[] bytes = Mutation.Of(seeds[seed], seeds, random);
            File.WriteAllBytes(path, bytes);
            CopyCompanions(paths[seed], temporary);
            done += Survives(path, bytes.Length, $"{folder}, case {i}", read) ? 1 : 0;
        }

        int refused = Cases - done;
        TestContext.Out.WriteLine($"{folder}: {done} read, {refused} refused");
        Assert.That(refused, Is.Positive.And.LessThan(Cases), "mutations that all read or all fail test nothing");
    }

    /// <summary>Files beside a seed that it refers to: a checkpoint's data by its own name, ONNX's values by any.</summary>
    private static void CopyCompanions(string seed, TempFolder temporary)
    {
        string stem = Path.GetFileNameWithoutExtension(seed);
        foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(seed)!))
        {
            string name = Path.GetFileName(file);
            if (name.EndsWith(".bin", StringComparison.Ordinal) || name.StartsWith(stem + ".data-", StringComparison.Ordinal))
            {
                File.Copy(file, temporary[name.Replace(stem + ".data-", "case.data-", StringComparison.Ordinal)], overwrite: true);
            }
        }
    }

    private static bool Survives(string path, long length, string label, Action<string> read)
    {
        var watch = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isRead = true;
        try
        {
            read(path);
        }
        catch (FileFormatException)
        {
            isRead = false;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{label}: {e.GetType().Name}", e);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(2)), label);
        Assert.That(allocated, Is.LessThan((8 * length) + ConstantAllocation), label);
        return isRead;
    }

    /// <summary>The values are read in bounded memory, as a loader reads them into variables that exist already.</summary>
    private static void ReadAll(string path)
    {
        using WeightSource source = WeightFile.Open(path);
        foreach (WeightEntry entry in source.Entries.Take(100))
        {
            source.Statistics(entry);
            if (entry.Count < 100_000)
            {
                source.ReadInto(entry, Scratch.AsSpan(0, (int)entry.Count), allowNonFinite: true);
                source.ReadStoredInto(entry, Scratch.AsSpan(0, (int)entry.Count), allowNonFinite: true);
            }
        }
    }

    private static readonly float[] Scratch = new float[100_000];
}
