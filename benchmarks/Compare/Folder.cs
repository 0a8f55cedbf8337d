namespace AlexNetTF.Benchmarks;

/// <summary>Thousands of photographs through the classifier, against the engine's time for them plus bare decoding on all cores.</summary>
internal static class Folder
{
    private const int Batch = 32;

    public static Row Compare(int pictures)
    {
        string[] photographs = Directory.GetFiles(Path.Combine("samples", "images"), "*.jpeg");
        string[] paths = [.. Enumerable.Range(0, pictures).Select(i => photographs[i % photographs.Length])];
        double perBatch = PerBatch();
        double decoding = Clock.Milliseconds(() => Parallel.ForEach(paths, path => ImageInput.Load(ImageSource.FromFile(path))));
        using ImageClassifier classifier = ImageClassifier.FromSeed(new ClassifierOptions { Seed = 1, Classes = 1000 });
        double ours = Clock.Milliseconds(() => ClassifyAsync(classifier, paths).GetAwaiter().GetResult());
        double parts = decoding + (perBatch * pictures / Batch);
        return new Row("folder", ours, "ms", [new("parts", parts, parts / ours)]);
    }

    private static double PerBatch()
    {
        using var network = new OwnNetwork();
        Action call = network.Call($"batch-{Batch}");
        Clock.WarmUp(call);
        return Clock.Median(Enumerable.Range(0, 9).Select(_ => Clock.Milliseconds(call)));
    }

    private static async Task ClassifyAsync(ImageClassifier classifier, IEnumerable<string> paths)
    {
        await foreach (ClassifiedImage image in classifier.ClassifyAsync(paths, Batch))
        {
            if (image.Error is { } error) throw error;
        }
    }
}
