using System.Text.Json;
using AlexNetTF.Testing;

namespace AlexNetTF.Tool.Tests;

public class DemoTests
{
    [Test]
    public void EveryAnswerIsTensorFlows()
    {
        ChildResult result = Alexnet.Run("demo", "--json", "--quiet");

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
    }
}
