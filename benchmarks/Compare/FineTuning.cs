namespace AlexNetTF.Benchmarks;

/// <summary>fc7 and fc8 on the 600 demo pictures for 10 epochs: whole processes, TensorFlow's without kept features.</summary>
internal static class FineTuning
{
    public static Row Compare(bool tensorFlow)
    {
        double ours = Clock.Milliseconds(() => ChildProcess.Run("tune", nameof(Engine.Managed)));
        if (!tensorFlow) return new Row("tune-cached", ours, "ms", []);
        double theirs = Clock.Milliseconds(() => ChildProcess.Run("tune", nameof(Engine.TensorFlow)));
        return new Row("tune-cached", ours, "ms", [new("tensorflow", theirs, theirs / ours)]);
    }

    /// <summary>The child's part.</summary>
    public static void Run(Engine engine)
    {
        string folder = Directory.CreateTempSubdirectory("alexnet-compare-").FullName;
        try
        {
            var options = new FineTunerOptions
            {
                TrainLayers = ["fc7", "fc8"],
                Epochs = 10,
                FeatureCache = engine == Engine.Managed,
                Output = Path.Combine(folder, "run"),
                Report = false,
                Session = new SessionOptions { Engine = engine },
            };
            ImageDataset train = ImageDataset.FromFolders(Path.Combine("samples", "demo", "fashion", "train"));
            new FineTuner(options).RunAsync(train).GetAwaiter().GetResult();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
