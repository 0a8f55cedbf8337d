using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Weights;

/// <summary>Weights that are the file's own pages.</summary>
public sealed class MapTests
{
    private static readonly WeightValues[] Values =
    [
        new("fc1", "weights", [40, 1024], Recipe.Fill("fc1/weights", 40 * 1024, -1, 1)),
        new("fc1", "biases", [1024], Recipe.Fill("fc1/biases", 1024, -1, 1)),
        new("fc2", "weights", [1024, 3], Recipe.Fill("fc2/weights", 1024 * 3, -1, 1)),
        new("fc2", "biases", [3], Recipe.Fill("fc2/biases", 3, -1, 1)),
    ];

    private static readonly long AllBytes = Values.Sum(tensor => (long)tensor.Values.Length * sizeof(float));

    private static IEnumerable<TestCaseData> Formats()
    {
        yield return Case("safetensors", true, path => WeightFile.WriteSafetensors(path, Values));
        yield return Case("npz", null, path => WeightFile.WriteNpz(path, Values));
        yield return Case("pickled dictionary", false, path => WeightFile.WriteNpyDictionary(path, Values));
    }

    private static TestCaseData Case(string name, bool? maps, Action<string> write) => new TestCaseData(maps, write).SetArgDisplayNames(name);

    [TestCaseSource(nameof(Formats))]
    public void MappedValuesAreTheFiles(bool? maps, Action<string> write)
    {
        using var folder = new TempFolder();
        write(folder["weights"]);
        var net = new Net();
        using var session = new Session(net.Graph);
        WeightReport report = WeightLoader.Load(session, folder["weights"], loading: WeightLoading.Map);

        Assert.That(report.Loaded.Count(), Is.EqualTo(Values.Length));
        net.RequireValues(session);
        if (maps is { } all) Assert.That(report.MappedBytes, Is.EqualTo(all ? AllBytes : 0));
        Assert.That(WeightLoader.Load(session, folder["weights"]).MappedBytes, Is.Zero);
        net.RequireValues(session);
    }

    [Test]
    public void TrainingChangesTheVariablesAndNeverTheFile()
    {
        using var folder = new TempFolder();
        string path = folder["weights"];
        WeightFile.WriteSafetensors(path, Values);
        byte[] before = File.ReadAllBytes(path);
        var net = new Net();
        using Session mapped = new(net.Graph), read = new(net.Graph);
        WeightLoader.Load(mapped, path, loading: WeightLoading.Map);
        WeightLoader.Load(read, path);
        for (int step = 0; step < 3; step++)
        {
            mapped.Run(net.Step, net.Batch);
            read.Run(net.Step, net.Batch);
        }

        foreach (Variable variable in net.Graph.GlobalVariables())
        {
            float[] trained = mapped.Run(variable.Value).ToArray<float>();
            Assert.That(trained.AsSpan().SequenceEqual(read.Run(variable.Value).ToArray<float>()), variable.Op.Name);
            Assert.That(trained.AsSpan().SequenceEqual(Net.ValuesOf(variable).Span), Is.False, variable.Op.Name);
        }

        Assert.That(File.ReadAllBytes(path).AsSpan().SequenceEqual(before));
    }

    [Test]
    public void SessionsThatMapOneFileDoNotSeeEachOthersTraining()
    {
        using var folder = new TempFolder();
        WeightFile.WriteSafetensors(folder["weights"], Values);
        var net = new Net();
        using Session one = new(net.Graph), other = new(net.Graph);
        WeightLoader.Load(one, folder["weights"], loading: WeightLoading.Map);
        WeightLoader.Load(other, folder["weights"], loading: WeightLoading.Map);
        one.Run(net.Step, net.Batch);
        net.RequireValues(other);
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows keeps a mapped file from being replaced.")]
    public void AFileThatIsReplacedOrDeletedKeepsItsPages()
    {
        using var folder = new TempFolder();
        string path = folder["weights"];
        WeightFile.WriteSafetensors(path, Values);
        var net = new Net();
        using var session = new Session(net.Graph);
        WeightLoader.Load(session, path, loading: WeightLoading.Map);
        AtomicFile.WriteText(path, "something else");
        net.RequireValues(session);
        File.Delete(path);
        net.RequireValues(session);
    }

    [Test]
    [Platform("Linux", Reason = "Reads the process's list of mappings.")]
    public void TheMappingGoesWithTheLastVariableThatIsItsMemory()
    {
        using var folder = new TempFolder();
        string path = folder["weights"];
        WeightFile.WriteSafetensors(path, Values);
        var net = new Net();
        var session = new Session(net.Graph);
        WeightLoader.Load(session, path, loading: WeightLoading.Map);
        Assert.That(IsMapped(path));
        net.Graph.GlobalVariables()[0].Load(TensorData.Of<float>(Values[0].Values.Span, [40, 1024]).ToNDArray(), session);
        Assert.That(IsMapped(path), "others still use it");
        session.Dispose();
        Assert.That(IsMapped(path), Is.False);
    }

    [Test]
    public void ValuesThatAreNotFiniteAreRefusedAsInAReadFile()
    {
        using var folder = new TempFolder();
        string path = folder["weights"];
        float[] values = Values[0].Values.ToArray();
        values[(3 * 1024) + 5] = float.NaN;
        WeightFile.WriteSafetensors(path, [Values[0] with { Values = values }, .. Values[1..]]);
        var net = new Net();
        using var session = new Session(net.Graph);
        string mapped = Assert.Throws<FileFormatException>(() => WeightLoader.Load(session, path, loading: WeightLoading.Map)).Message;
        string read = Assert.Throws<FileFormatException>(() => WeightLoader.Load(session, path)).Message;
        Assert.That(mapped, Is.EqualTo(read).And.Contain("[3, 5]"));
        Assert.That(net.Graph.GlobalVariables().Any(variable => variable.IsInitialized(session)), Is.False);
        Assert.That(WeightLoader.Load(session, path, allowNonFinite: true, loading: WeightLoading.Map).MappedBytes, Is.EqualTo(AllBytes));
    }

    private static bool IsMapped(string path) => File.ReadLines("/proc/self/maps").Any(line => line.EndsWith(path, StringComparison.Ordinal));

    /// <summary>Two fully connected layers and a training step.</summary>
    private sealed class Net
    {
        public Net()
        {
            Tensor x = Graph.Placeholder(DType.Float32, new Shape(null, 40), "x"), labels = Graph.Placeholder(DType.Float32, new Shape(null, 3), "labels");
            Tensor scores = x.Fc(40, 1024, "fc1").Fc(1024, 3, "fc2", relu: false);
            Step = new GradientDescentOptimizer(0.1f).Minimize(MathOps.Mean(Nn.SoftmaxCrossEntropyWithLogits(labels, scores)));
            Batch = new Feeds { [x] = TensorData.Of<float>(Recipe.Fill("x", 16 * 40, -1, 1), [16, 40]).ToNDArray(), [labels] = TensorData.Of<float>([.. Enumerable.Range(0, 48).Select(i => i % 3 == i / 3 % 3 ? 1f : 0f)], [16, 3]).ToNDArray() };
        }

        public Graph Graph { get; } = new();

        public Operation Step { get; }

        public Feeds Batch { get; }

        public static ReadOnlyMemory<float> ValuesOf(Variable variable) => Values.Single(tensor => tensor.Name == variable.Op.Name).Values;

        public void RequireValues(Session session)
        {
            foreach (Variable variable in Graph.GlobalVariables())
            {
                Assert.That(session.Run(variable.Value).ToArray<float>().AsSpan().SequenceEqual(ValuesOf(variable).Span), variable.Op.Name);
            }
        }
    }
}
