using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AlexNetTF.Testing;

namespace AlexNetTF.Tool.Tests;

/// <summary>alexnet finetune and evaluate on a few pictures of three classes.</summary>
public class FinetuneTests
{
    private static readonly string[] Classes = ["bag", "sneaker", "trouser"];
    private TempFolder folder = null!;
    private string train = null!, test = null!, run = null!;
    private ChildResult first = null!;

    [OneTimeSetUp]
    public void TrainOnce()
    {
        folder = new TempFolder();
        (train, test, run) = (Copy("train", 6), Copy("test", 3), folder["run"]);
        first = Alexnet.Run("finetune", "--train", train, "--val", test, "--seed", "1", "--epochs", "4", "--batch", "5", "--output", run, "--json");
        Assert.That(first.ExitCode, Is.EqualTo(0), first.All);
    }

    [OneTimeTearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void TheDocumentIsTheContracts()
    {
        JsonElement result = first.Json();

        Assert.Multiple(() =>
        {
            Assert.That(result.EnumerateObject().Select(member => member.Name), Is.EqualTo((string[])["epochs", "loss", "top1", "top5", "best", "output"]));
            Assert.That(result.GetProperty("best").EnumerateObject().Select(member => member.Name), Is.EqualTo((string[])["epoch", "loss", "top1", "top5"]));
            Assert.That(result.GetProperty("epochs").GetInt32(), Is.EqualTo(4));
            Assert.That(result.GetProperty("output").GetString(), Is.EqualTo(run));
            Assert.That(first.Error, Is.Empty, "progress is for terminals");
            Assert.That(
                (string[])["checkpoints.json", "data.json", "frozen.safetensors", "metrics.csv", "metrics.jsonl", "options.json", "report.html"],
                Is.EqualTo(Directory.GetFiles(run).Select(Path.GetFileName).Order(StringComparer.Ordinal)));
        });
    }

    [Test]
    public void EvaluateGivesTheRunsOwnNumbers()
    {
        JsonElement best = first.Json().GetProperty("best");

        ChildResult result = Alexnet.Run("evaluate", "--data", test, "--checkpoint", run, "--json", "--batch", "2");

        Assert.That(result.ExitCode, Is.EqualTo(0), result.All);
        JsonElement evaluation = result.Json();
        Assert.That(evaluation.EnumerateObject().Select(member => member.Name), Is.EqualTo((string[])["count", "loss", "top1", "top5", "confusion"]));
        Assert.That(evaluation.GetProperty("count").GetInt32(), Is.EqualTo(9));
        Assert.That(evaluation.GetProperty("loss").GetDouble(), Is.EqualTo(best.GetProperty("loss").GetDouble()));
        Assert.That(evaluation.GetProperty("top1").GetDouble(), Is.EqualTo(best.GetProperty("top1").GetDouble()));
        Assert.That(evaluation.GetProperty("confusion").EnumerateArray().Select(row => row.EnumerateArray().Sum(count => count.GetInt32())), Is.EqualTo((int[])[3, 3, 3]));
    }

    [Test]
    public void TheRunIsANetworkForTheOtherCommands()
    {
        string picture = Directory.GetFiles(Path.Combine(test, "bag"))[0];

        JsonElement answer = Alexnet.Run("classify", picture, "--checkpoint", run, "--json").Json()[0];
        JsonElement features = Alexnet.Run("features", picture, "--checkpoint", run, "--layer", "fc8", "--json").Json()[0];
        JsonElement layers = Alexnet.Run("summary", "--checkpoint", run, "--json").Json();

        Assert.Multiple(() =>
        {
            Assert.That(answer.GetProperty("predictions").EnumerateArray().Select(one => one.GetProperty("label").GetString()), Is.EquivalentTo(Classes));
            Assert.That(features.GetProperty("shape")[0].GetInt32(), Is.EqualTo(3));
            Assert.That(layers.EnumerateArray().Last().GetProperty("output")[1].GetInt32(), Is.EqualTo(3));
        });
    }

    [Test]
    public void LinesAreEpochsAndTheListIsAsGoodAsTheFolder()
    {
        string list = folder["list.txt"];
        File.WriteAllLines(list, Classes.SelectMany((name, label) => Directory.GetFiles(Path.Combine(train, name)).Order(StringComparer.Ordinal).Select(path => $"{path} {label}")));

        ChildResult result = Alexnet.Run(
            "finetune", "--train", list, "--split", "0.34", "--seed", "1", "--layers", "fc7,fc8", "--epochs", "2", "--batch", "5", "--optimizer", "momentum", "--lr", "0.0001", "--keep-prob", "0.5",
            "--schedule", "piecewise:4=0.5", "--augment", "flip,crop", "--class-weights", "balanced", "--no-feature-cache", "--output", folder["list-run"], "--jsonl");

        Assert.That(result.ExitCode, Is.EqualTo(0), result.All);
        JsonElement[] lines = Lines(result.Output);
        Assert.That(lines.Select(line => line.GetProperty("epoch").GetInt32()), Is.EqualTo((int[])[1, 2]));
        Assert.That(lines.Select(line => line.GetProperty("learningRate").GetDouble()), Is.EqualTo((double[])[1e-4f, 0.5f * 1e-4f]), "12 pictures to learn from are three steps an epoch: the fourth is the last at the full rate");
        Assert.That(lines[0].EnumerateObject().Select(member => member.Name), Is.SupersetOf((string[])["epoch", "loss", "top1", "top5"]));
    }

    [Test]
    public async Task AnInterruptedRunSaysHowToGoOnAndEndsAsTheWholeOne()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("A child cannot be sent Ctrl-C alone here.");
        string[] options = ["--train", train, "--val", test, "--seed", "3", "--epochs", "12", "--batch", "5", "--keep-prob", "0.5"];
        ChildResult whole = Alexnet.Run(["finetune", .. options, "--output", folder["whole"], "--jsonl"]);
        string cut = folder["cut"];

        (int code, string error) = await InterruptAsync(["finetune", .. options, "--output", cut, "--jsonl"]);

        Assert.That(code, Is.EqualTo(1), error);
        Assert.That(error, Does.Contain($"alexnet finetune --resume {cut}"));
        ChildResult rest = Alexnet.Run("finetune", "--resume", cut, "--threads", "1", "--jsonl");
        Assert.That(rest.ExitCode, Is.EqualTo(0), rest.All);
        JsonElement[] lines = Lines(rest.Output);
        Assert.That(lines.Select(line => line.GetRawText()), Is.EqualTo(Lines(whole.Output)[^lines.Length..].Select(line => line.GetRawText())));
        Assert.That(lines, Has.Length.LessThan(12));
        Assert.That(File.ReadAllText(Path.Combine(cut, "metrics.csv")), Is.EqualTo(File.ReadAllText(Path.Combine(folder["whole"], "metrics.csv"))));
    }

    [TestCase("finetune", "--seed", "1")]
    [TestCase("finetune", "--train", "x")]
    [TestCase("finetune", "--train", "x", "--seed", "1", "--val", "y", "--split", "0.2")]
    [TestCase("finetune", "--train", "x", "--seed", "1", "--split", "1")]
    [TestCase("finetune", "--train", "x", "--seed", "1", "--optimizer", "adagrad")]
    [TestCase("finetune", "--train", "x", "--seed", "1", "--schedule", "steps")]
    [TestCase("finetune", "--train", "x", "--seed", "1", "--augment", "rotate")]
    [TestCase("finetune", "--train", "x", "--seed", "1", "--epochs", "many")]
    [TestCase("finetune", "--train", "x", "--weights", "w.npy", "--checkpoint", "run")]
    [TestCase("finetune", "--resume", "run", "--epochs", "3")]
    [TestCase("evaluate", "--seed", "1")]
    [TestCase("evaluate", "--data", "x", "--checkpoint", "run", "--topology", "bvlc")]
    [TestCase("classify", "x.png", "--checkpoint", "run", "--labels", "labels.txt")]
    public void BadUsageEndsWithTwo(params string[] arguments)
    {
        if (arguments.Contains("--labels")) arguments[^1] = Alexnet.Sample("demo/labels.txt");
        ChildResult result = Alexnet.Run(arguments);

        Assert.That(result.ExitCode, Is.EqualTo(2), result.All);
        Assert.That(result.Output, Is.Empty);
        Assert.That(result.Error, Does.StartWith("alexnet: "));
    }

    [Test]
    public void FailuresEndWithOneAndNameWhatIsWrong()
    {
        string broken = Copy("train", 2);
        File.WriteAllText(Path.Combine(broken, "bag", "broken.png"), "no picture");
        Directory.CreateDirectory(Path.Combine(broken, "empty"));
        ChildResult damaged = Alexnet.Run("finetune", "--train", broken, "--seed", "1", "--output", folder["never"]);
        ChildResult missing = Alexnet.Run("finetune", "--train", folder["nowhere"], "--seed", "1");
        ChildResult taken = Alexnet.Run("finetune", "--train", train, "--seed", "1", "--output", run);
        ChildResult none = Alexnet.Run("finetune", "--resume", train);
        ChildResult layer = Alexnet.Run("finetune", "--train", train, "--seed", "1", "--layers", "fc9", "--output", folder["layer"]);
        ChildResult absent = Alexnet.Run("finetune", "--train", train, "--weights", Alexnet.Sample("demo/fashion.npy"), "--output", folder["absent"]);

        Assert.Multiple(() =>
        {
            foreach (ChildResult result in (ChildResult[])[damaged, missing, taken, none, layer, absent])
            {
                Assert.That(result.ExitCode, Is.EqualTo(1), result.All);
                Assert.That(result.Output, Is.Empty);
            }

            Assert.That(damaged.Error, Does.Contain("broken.png").And.Contain("empty"), "all problems at once");
            Assert.That(Directory.Exists(folder["never"]), Is.False);
            Assert.That(missing.Error, Does.Contain("nowhere"));
            Assert.That(taken.Error, Does.Contain("holds a run already"));
            Assert.That(none.Error, Does.Contain("no checkpoint"));
            Assert.That(layer.Error, Does.Contain("fc9").And.Contain("conv1"));
            Assert.That(absent.Error, Does.Contain("conv1"));
        });
    }

    private static JsonElement[] Lines(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private static async Task<(int Code, string Error)> InterruptAsync(string[] arguments)
    {
        using Process process = Alexnet.Start(arguments);
        Task<string> error = process.StandardError.ReadToEndAsync();
        Assert.That(await process.StandardOutput.ReadLineAsync(), Is.Not.Null, "the first epoch's line");
        using (Process kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await error);
    }

    private string Copy(string part, int perClass)
    {
        string target = folder[$"{part}-{perClass}"];
        foreach (string name in Classes)
        {
            Directory.CreateDirectory(Path.Combine(target, name));
            string[] pictures = Directory.GetFiles(Path.Combine(Alexnet.Sample("demo/fashion"), part, name));
            foreach (string picture in pictures.Order(StringComparer.Ordinal).Take(perClass)) File.Copy(picture, Path.Combine(target, name, Path.GetFileName(picture)));
        }

        return target;
    }
}
