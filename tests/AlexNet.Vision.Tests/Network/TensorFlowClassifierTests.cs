using AlexNetTF.Testing;

namespace AlexNetTF.Tests;

/// <summary>A classifier whose session is TensorFlow's answers as the managed engine's does.</summary>
public class TensorFlowClassifierTests
{
    private const double Tolerance = 1e-5;
    private static readonly string Head = Path.Combine(Golden.Repository, "samples", "demo", "fashion.npy");
    private static readonly string[] Photographs = [.. new[] { "llama", "sealion", "zebra" }.Select(Golden.Photograph)];
    private ImageClassifier managed = null!, tensorFlow = null!;

    [OneTimeSetUp]
    public void LoadBoth()
    {
        if (!TensorFlowLibrary.IsAvailable(out string problem)) Assert.Ignore(problem);
        managed = Load(new SessionOptions());
        tensorFlow = Load(new SessionOptions { Engine = Engine.TensorFlow });
    }

    [OneTimeTearDown]
    public void Free()
    {
        managed?.Dispose();
        tensorFlow?.Dispose();
    }

    [Test]
    public void OnePictureAtATime([ValueSource(nameof(Photographs))] string picture)
    {
        IReadOnlyList<Prediction> expected = managed.Classify(picture, 10), found = tensorFlow.Classify(picture, 10);

        Assert.That(found, Has.Count.EqualTo(10));
        RequireNear(found, expected);
        foreach (string layer in (string[])["norm1", "pool5", "fc7", "fc8"])
        {
            float[] theirs = tensorFlow.Extract(picture, layer).ToArray<float>(), ours = managed.Extract(picture, layer).ToArray<float>();
            double worst = theirs.Zip(ours, (a, b) => Math.Abs(a - b)).Max() / ours.Max(Math.Abs);
            Assert.That(worst, Is.LessThanOrEqualTo(Tolerance), layer);
        }
    }

    [Test]
    public async Task ManyPicturesInBatches([Values(1, 4)] int batchSize)
    {
        byte[] whole = await File.ReadAllBytesAsync(Photographs[0]);
        ImageSource[] pictures = [.. Photographs.Select(ImageSource.FromFile), whole[..(whole.Length / 2)], "none"u8.ToArray(), .. Photographs.Select(ImageSource.FromFile)];
        ClassifiedImage[] expected = await AllAsync(managed), found = await AllAsync(tensorFlow);

        Assert.That(found, Has.Length.EqualTo(pictures.Length));
        Assert.That(found.Select(image => image.Warning), Is.EqualTo(expected.Select(image => image.Warning)));
        Assert.That(found.Select(image => image.Error?.Message), Is.EqualTo(expected.Select(image => image.Error?.Message)));
        Assert.That(found.Count(image => image.Error is not null), Is.EqualTo(1), "one is no picture");
        foreach ((ClassifiedImage theirs, ClassifiedImage ours) in found.Zip(expected)) RequireNear(theirs.Predictions, ours.Predictions);

        async Task<ClassifiedImage[]> AllAsync(ImageClassifier classifier)
        {
            var all = new List<ClassifiedImage>();
            await foreach (ClassifiedImage image in classifier.ClassifyAsync(pictures, batchSize, 10)) all.Add(image);
            return [.. all];
        }
    }

    [Test]
    public void DeviceAndThreadsAreTheSessions()
    {
        using ImageClassifier chosen = Load(new SessionOptions { Engine = Engine.TensorFlow, Device = "cpu", Threads = 1 });
        RequireNear(chosen.Classify(Photographs[2], 10), managed.Classify(Photographs[2], 10));
        Assert.That(chosen.Session.Options.Device, Is.EqualTo("cpu"));
    }

    [Test]
    public void ADeviceThatIsNotThereIsAnError()
    {
        if (TensorFlowLibrary.GetDevices().Any(device => device.Type == "GPU")) Assert.Ignore("There is a GPU.");
        AlexNetException error = Assert.Throws<AlexNetException>(() => Load(new SessionOptions { Engine = Engine.TensorFlow, Device = "gpu" }).Dispose())!;
        Assert.That(error.Message, Does.Contain("gpu").IgnoreCase);
    }

    // The same weights to the bit: initial values of one seed differ by the rounding of the engines' normal numbers.
    private static ImageClassifier Load(SessionOptions session)
    {
        ImageClassifier classifier = ImageClassifier.Load(Head, new ClassifierOptions { Seed = 1, Session = session });
        RecipeWeights.Assign(classifier.Session, "");
        return classifier;
    }

    // By label: two classes that are as likely may change places.
    private static void RequireNear(IReadOnlyList<Prediction> found, IReadOnlyList<Prediction> expected)
    {
        Dictionary<string, double> theirs = found.ToDictionary(one => one.Label, one => (double)one.Probability);
        Assert.That(theirs.Keys, Is.EquivalentTo(expected.Select(one => one.Label)));
        foreach (Prediction one in expected) Assert.That(theirs[one.Label], Is.EqualTo(one.Probability).Within(Tolerance), one.Label);
    }
}
