using System.Text.Json;
using AlexNetTF.Testing;

namespace AlexNetTF.Tool.Tests;

public class DemoTests
{
    [Test]
    public void EveryAnswerIsTensorFlowsAndTheTrainedHeadComesClose()
    {
        using var folder = new TempFolder();
        ChildResult result = Alexnet.Run("demo", "--json", "--quiet", "--output", folder["run"]);

        Assert.That(result.ExitCode, Is.EqualTo(0), result.All);
        JsonElement demo = result.Json();
        using JsonDocument answers = JsonDocument.Parse(File.ReadAllBytes(Alexnet.Sample("demo/tensorflow-answers.json")));
        JsonElement[] expected = [.. answers.RootElement.GetProperty("answers").EnumerateArray()], actual = [.. demo.GetProperty("answers").EnumerateArray()];
        Assert.That(actual, Has.Length.EqualTo(200));
        Assert.Multiple(() =>
        {
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.That(actual[i].GetProperty("path").GetString(), Is.EqualTo(expected[i].GetProperty("path").GetString()));
                Assert.That(actual[i].GetProperty("predicted").GetString(), Is.EqualTo(expected[i].GetProperty("predicted").GetString()), $"picture {i}");
                Assert.That(actual[i].GetProperty("probability").GetDouble(), Is.EqualTo(expected[i].GetProperty("probability").GetDouble()).Within(1e-4), $"picture {i}");
            }
        });
        Assert.That(demo.GetProperty("accuracy").GetDouble(), Is.EqualTo(answers.RootElement.GetProperty("accuracy").GetDouble()));
        JsonElement tuned = demo.GetProperty("finetune");
        Assert.That(tuned.GetProperty("before").GetDouble(), Is.LessThan(0.3));
        Assert.That(tuned.GetProperty("after").GetDouble(), Is.GreaterThanOrEqualTo(0.75));
        Assert.That(folder["run/report.html"], Does.Exist);
    }

    [Test]
    public void WithoutAFolderOnlyTheReportIsKept()
    {
        using var folder = new TempFolder();
        ChildResult result = ChildProcess.Run(ChildProcess.Host, [Alexnet.Assembly, "demo"], new Dictionary<string, string?> { ["TMPDIR"] = folder.Path, ["TMP"] = folder.Path });

        Assert.That(result.ExitCode, Is.EqualTo(0), result.All);
        Assert.That(result.Output, Does.Contain("accuracy 85.5 %").And.Contain("report ").And.Contain("epoch 20/20"));
        Assert.That(
            Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order(StringComparer.Ordinal),
            Is.EqualTo((string[])["metrics.csv", "metrics.jsonl", "report.html"]));
    }
}
