using System.Text.Json;
using AlexNetTF.Testing;

namespace AlexNetTF.Tool.Tests;

public class CommandTests
{
    private static readonly string Head = Alexnet.Sample("demo/fashion.npy");
    private static readonly string[] Network = ["--weights", Head, "--seed", "1", "--labels", Alexnet.Sample("demo/labels.txt"), "--topology", "article"];

    [TestCase("no-such-command")]
    [TestCase("classify")]
    [TestCase("classify", "x.png", "--no-such-option")]
    [TestCase("classify", "x.png")]
    [TestCase("classify", "x.png", "--weights", "w.npy", "--json", "--jsonl")]
    [TestCase("classify", "x.png", "--weights", "w.npy", "--device", "gpu")]
    [TestCase("summary", "--topology", "vgg")]
    [TestCase("bench", "--batch", "1,0")]
    [TestCase("bench", "--batch", "1;2")]
    [TestCase("bench", "--limits", "--trace", "x.json")]
    [TestCase("export", "--weights", "w.npy", "--format", "onnx")]
    [TestCase("export", "--weights", "w.npy", "--format", "keras", "--output", "x")]
    public void BadUsageEndsWithTwoAndSaysWhyOnStandardError(params string[] arguments)
    {
        ChildResult result = Alexnet.Run(arguments);

        Assert.That(result.ExitCode, Is.EqualTo(2), result.All);
        Assert.That(result.Output, Is.Empty);
        Assert.That(result.Error, Does.StartWith("alexnet: "));
    }

    [Test]
    public void MissingWeightFileEndsWithOne()
    {
        ChildResult result = Alexnet.Run("classify", Alexnet.Sample("images/zebra.jpeg"), "--weights", "no-such.npy");

        Assert.That(result.ExitCode, Is.EqualTo(1), result.All);
        Assert.That(result.Error, Does.Contain("no-such.npy"));
    }

    [Test]
    public void SummaryIsTheNetwork()
    {
        JsonElement rows = Alexnet.Run("summary", "--json").Json();

        Assert.That(rows.EnumerateArray().Select(row => row.GetProperty("name").GetString()), Is.EqualTo(
            (string[])["conv1", "pool1", "norm1", "conv2", "pool2", "norm2", "conv3", "conv4", "conv5", "pool5", "fc6", "fc7", "fc8"]));
        Assert.That(rows.EnumerateArray().Sum(row => row.GetProperty("parameters").GetInt64()), Is.EqualTo(60_965_224), "the published network's size");
        Assert.That(rows[0].GetProperty("multiplyAdds").GetInt64(), Is.EqualTo(55L * 55 * 96 * 11 * 11 * 3));
    }

    [Test]
    public void SummaryOfTorchvisionsNetwork()
    {
        JsonElement rows = Alexnet.Run("summary", "--topology", "one-weird-trick", "--json").Json();

        Assert.That(rows.EnumerateArray().Sum(row => row.GetProperty("parameters").GetInt64()), Is.EqualTo(61_100_840), "the published network's size");
        Assert.That(rows[0].GetProperty("input").EnumerateArray().Skip(1).Select(size => size.GetInt32()), Is.EqualTo((int[])[224, 224, 3]));
        Assert.That(rows[0].GetProperty("padding").GetString(), Is.EqualTo("2+VALID"));
    }

    [Test]
    public void BenchHasARowPerBatchAndWritesATrace()
    {
        using var folder = new TempFolder();

        JsonElement result = Alexnet.Run("bench", "--batch", "2,1", "--trace", folder["trace.json"], "--json").Json();

        JsonElement[] rows = [.. result.GetProperty("batches").EnumerateArray()];
        Assert.That(rows.Select(row => row.GetProperty("batch").GetInt32()), Is.EqualTo((int[])[2, 1]));
        foreach (JsonElement row in rows)
        {
            double milliseconds = row.GetProperty("milliseconds").GetDouble();
            Assert.That(row.GetProperty("picturesPerSecond").GetDouble(), Is.EqualTo(row.GetProperty("batch").GetInt32() * 1000 / milliseconds).Within(1).Percent);
        }

        JsonElement[] steps = [.. result.GetProperty("steps").EnumerateArray()];
        Assert.That(steps.Select(step => step.GetProperty("milliseconds").GetDouble()), Is.Ordered.Descending);
        Assert.That(steps.Select(step => step.GetProperty("step").GetString()), Has.Some.Contains("fc6"));
        using JsonDocument trace = JsonDocument.Parse(File.ReadAllBytes(folder["trace.json"]));
        Assert.That(trace.RootElement.GetProperty("traceEvents").EnumerateArray().Select(item => item.GetProperty("args").GetProperty("name").GetString()), Is.SupersetOf(steps.Select(step => step.GetProperty("step").GetString())));
    }

    [Test]
    public void InspectShowsWhatAFileHolds()
    {
        JsonElement result = Alexnet.Run("inspect", Head, "--json").Json();

        Assert.That(result.GetProperty("kind").GetString(), Does.Contain(".npy"));
        JsonElement weights = result.GetProperty("entries")[0];
        Assert.That(weights.GetProperty("name").GetString(), Is.EqualTo("fc8/weights"));
        Assert.That(weights.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()), Is.EqualTo((int[])[4096, 10]));
    }

    [Test]
    public void ExportWritesASavedModelWithItsSignature()
    {
        using var folder = new TempFolder();
        string path = folder["1"];

        JsonElement result = Alexnet.Run("export", "--weights", Head, "--seed", "1", "--format", "savedmodel", "--output", path, "--json").Json();

        ModelSignature signature = SavedModels.ReadSignatures(path).Single();
        Assert.That(signature.Key, Is.EqualTo(SavedModels.DefaultSignature));
        Assert.That(signature.Inputs.Keys, Is.EqualTo((string[])["images"]));
        Assert.That(signature.Outputs.Keys, Is.EquivalentTo((string[])["scores", "probabilities"]));
        string[] files = [.. result.GetProperty("files").EnumerateArray().Select(file => Path.GetRelativePath(path, file.GetProperty("file").GetString()!))];
        Assert.That(files, Is.EquivalentTo((string[])["saved_model.pb", Path.Combine("variables", "variables.data-00000-of-00001"), Path.Combine("variables", "variables.index")]));
    }

    [Test]
    public void ExportWritesWeightsThatTellTheirTopology()
    {
        using var folder = new TempFolder();
        string path = folder["net.safetensors"];

        JsonElement result = Alexnet.Run("export", "--weights", Head, "--seed", "1", "--topology", "bvlc", "--format", "safetensors", "--output", path, "--json").Json();

        Assert.That(result.GetProperty("output").GetString(), Is.EqualTo(path));
        Assert.That(result.GetProperty("sha256").GetString(), Is.EqualTo(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))));
        using WeightSource saved = WeightFile.Open(path);
        Assert.That(saved.Entries, Has.Count.EqualTo(16));
        Assert.That(saved.Hints.Topology, Is.EqualTo("Bvlc"));
        using WeightSource head = WeightFile.Open(Head);
        Assert.That(saved.Read(saved.Entries.Single(entry => entry.Name == "fc8/weights")), Is.EqualTo(head.Read(head.Entries[0])));
    }

    [Test]
    public void ExportWritesAModelThatPreparesPixels()
    {
        using var folder = new TempFolder();
        string path = folder["net.onnx"];

        ChildResult result = Alexnet.Run(
            "export", "--weights", Head, "--seed", "1", "--format", "onnx", "--layout", "nchw", "--with-preprocessing", "--external-data", "--output", path, "--json");

        Assert.That(result.ExitCode, Is.EqualTo(0), result.All);
        Assert.That(result.Json().GetProperty("files").GetArrayLength(), Is.EqualTo(2));
        using WeightSource saved = WeightFile.Open(path);
        Assert.That(saved.Hints.Topology, Is.EqualTo("Article"));
    }

    [Test]
    public void VerifyTellsAFileThatIsNotKnown()
    {
        ChildResult result = Alexnet.Run("weights", "verify", Head, "--json");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Json().GetProperty("ok").GetBoolean(), Is.False);
        Assert.That(result.Json().GetProperty("sha256").GetString(), Has.Length.EqualTo(64));
    }

    [Test]
    public void DevicesNamesBothEngines()
    {
        JsonElement[] engines = [.. Alexnet.Run("devices", "--json").Json().GetProperty("engines").EnumerateArray()];
        Assert.That(engines.Select(engine => engine.GetProperty("name").GetString()), Is.EqualTo((string[])["managed", "tensorflow"]));
        if (engines[1].GetProperty("available").GetBoolean()) Assert.That(engines[1].GetProperty("devices").EnumerateArray().Select(device => device.GetProperty("type").GetString()), Does.Contain("CPU"));
        else Assert.That(engines[1].GetProperty("problem").GetString(), Does.Contain("ALEXNET_LIBTENSORFLOW"));
    }

    [Test]
    public void TensorFlowGivesTheSameAnswers()
    {
        if (!TensorFlowLibrary.IsAvailable(out string problem)) Assert.Ignore(problem);
        string[] arguments = ["classify", Alexnet.Sample("images/zebra.jpeg"), .. Network, "--top", "3", "--json"];

        ChildResult ours = Alexnet.Run(arguments), theirs = Alexnet.Run([.. arguments, "--engine", "tensorflow"]);

        Assert.That(ours.ExitCode, Is.EqualTo(0), ours.All);
        Assert.That(theirs.ExitCode, Is.EqualTo(0), theirs.All);
        Assert.That(Labels(theirs), Is.EqualTo(Labels(ours)).And.Not.Empty);

        static string[] Labels(ChildResult result) => [.. result.Json()[0].GetProperty("predictions").EnumerateArray().Select(prediction => prediction.GetProperty("label").GetRawText() + prediction.GetProperty("index").GetRawText())];
    }

    [Test]
    public void ABrokenPictureFailsAloneAndAResumedRunLeavesOutWhatIsDone()
    {
        using var folder = new TempFolder();
        string broken = Path.Combine(folder.Path, "broken.png"), list = Path.Combine(folder.Path, "out.jsonl"), drawn = Path.Combine(folder.Path, "drawn");
        File.WriteAllText(broken, "no picture");
        string good = Alexnet.Sample("demo/fashion/test/bag/" + Path.GetFileName(Directory.GetFiles(Alexnet.Sample("demo/fashion/test/bag"))[0]));

        ChildResult first = Alexnet.Run(["classify", broken, good, "--jsonl", "--resume", list, "--annotate", drawn, "--top", "2", .. Network]);

        Assert.That(first.ExitCode, Is.EqualTo(1), first.All);
        JsonElement[] lines = [.. first.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.That(lines, Has.Length.EqualTo(2));
        Assert.That(lines[0].GetProperty("error").GetString(), Does.Contain("broken.png"));
        Assert.That(lines[1].GetProperty("predictions").GetArrayLength(), Is.EqualTo(2));
        Assert.That(Directory.GetFiles(drawn), Has.Length.EqualTo(1));

        ChildResult second = Alexnet.Run(["classify", broken, good, "--jsonl", "--resume", list, .. Network]);

        Assert.That(second.ExitCode, Is.EqualTo(0), second.All);
        Assert.That(second.Output, Is.Empty);
        Assert.That(File.ReadAllLines(list), Has.Length.EqualTo(2));
    }

    [Test]
    public void FeaturesGivesRowsAndPictures()
    {
        using var folder = new TempFolder();
        string rows = Path.Combine(folder.Path, "fc7.npy"), pictures = Path.Combine(folder.Path, "pictures");

        ChildResult result = Alexnet.Run(["features", Alexnet.Sample("images"), "--layer", "fc7", "--output", rows, "--images", pictures, "--json", .. Network]);

        Assert.That(result.ExitCode, Is.EqualTo(0), result.All);
        Assert.That(result.Json().GetArrayLength(), Is.EqualTo(3));
        Assert.That(result.Json()[0].GetProperty("data").GetArrayLength(), Is.EqualTo(4096));
        using WeightSource saved = WeightFile.Open(rows);
        Assert.That(saved.Entries[0].Shape, Is.EqualTo((long[])[3, 4096]));
        Assert.That(Directory.GetFiles(pictures), Has.Length.EqualTo(4), "one per photograph, and conv1's filters");
    }
}
