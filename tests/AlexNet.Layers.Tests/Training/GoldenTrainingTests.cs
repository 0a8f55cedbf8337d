using System.Text.Json;
using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.Tests;

/// <summary>Series of training steps against TensorFlow's: losses, first gradients, variables and slots.</summary>
public class GoldenTrainingTests
{
    private const int Batches = 3;

    public static IEnumerable<TestCaseData> Cases => Golden.Files("training", "*.json");

    [TestCaseSource(nameof(Cases))]
    public void SeriesAgreesWithTensorFlow(string path)
    {
        JsonElement golden = Golden.ReadJson(path);
        JsonElement attrs = golden.GetProperty("attrs");
        var graph = new Graph();
        if (golden.GetProperty("graph_seed").ValueKind == JsonValueKind.Number) graph.SetRandomSeed(golden.GetProperty("graph_seed").GetInt64());
        long? opSeed = golden.GetProperty("op_seed").ValueKind == JsonValueKind.Number ? golden.GetProperty("op_seed").GetInt64() : null;
        var net = new TrainingNet(attrs, golden.GetProperty("inputs"), graph, opSeed);
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        foreach (JsonProperty initial in golden.GetProperty("initial").EnumerateObject()) Load(session, initial);

        Assert.Multiple(() => Follow(golden, net, session));
    }

    private static void Follow(JsonElement golden, TrainingNet net, Session session)
    {
        Dictionary<string, List<float>> series = [];
        int steps = golden.GetProperty("outputs").GetProperty("loss").GetProperty("shape")[0].GetInt32();
        for (int step = 0; step < steps; step++)
        {
            Feeds feeds = FeedsOf(golden, net, step % Batches);
            Dictionary<string, Fetch> asked = new() { ["loss"] = net.Loss, ["learning_rate"] = net.Rate };
            if (net.GlobalNorm is { } norm) asked["global_norm"] = norm;
            foreach ((string name, Tensor gradient) in step == 0 ? net.Gradients : new Dictionary<string, Tensor>()) asked["gradient:" + name] = gradient;
            NDArray?[] values = session.Run([.. asked.Values, net.Train], feeds);
            foreach ((string name, NDArray? value) in asked.Keys.Zip(values))
            {
                if (name.StartsWith("gradient:", StringComparison.Ordinal)) Judge(golden, "gradients_step0", name["gradient:".Length..], golden.GetProperty("gradients_step0"), value!);
                else (series.TryGetValue(name, out List<float>? list) ? list : series[name] = []).Add(value!.GetAtIndex<float>(0));
            }

            if (golden.GetProperty("variables").TryGetProperty($"after_step_{step + 1}", out JsonElement after)) JudgeVariables(golden, $"after_step_{step + 1}", after, session);
        }

        foreach (JsonProperty output in golden.GetProperty("outputs").EnumerateObject()) JudgeSeries(golden, output, series[output.Name]);
    }

    private static Feeds FeedsOf(JsonElement golden, TrainingNet net, int batch)
    {
        GoldenTensor Input(string name) => GoldenTensor.Parse(
            golden.GetProperty("inputs").GetProperty(name), fillName: fill => fill.Replace("{batch}", batch.ToString(), StringComparison.Ordinal));
        GoldenTensor images = Input("images"), labels = Input("labels");
        NDArray x = images.Values<float>(), y = labels.Values<int>();
        return new Feeds { [net.Images] = x.reshape(images.Shape), [net.Labels] = y };
    }

    private static void Load(Session session, JsonProperty initial)
    {
        GoldenTensor tensor = GoldenTensor.Parse(initial.Value);
        NDArray values = tensor.Values<float>();
        session.Graph.GlobalVariables().Single(variable => variable.Op.Name == initial.Name).Load(values.reshape(tensor.Shape), session);
    }

    private static void JudgeVariables(JsonElement golden, string when, JsonElement expected, Session session)
    {
        foreach (JsonProperty variable in expected.EnumerateObject())
        {
            Variable actual = session.Graph.GlobalVariables().Single(item => item.Op.Name == variable.Name);
            Judge(golden, when, variable.Name, expected, session.Run(actual.Value));
        }
    }

    private static void Judge(JsonElement golden, string when, string name, JsonElement tensors, NDArray actual)
    {
        GoldenTensor expected = GoldenTensor.Parse(tensors.GetProperty(name));
        expected.AssertEqual(actual, Tolerance.Absolute(Allowed(golden, when, name)), $"{when} {name}");
    }

    private static void JudgeSeries(JsonElement golden, JsonProperty output, List<float> actual)
    {
        float[] expected = GoldenTensor.Parse(output.Value).Values<float>();
        Assert.That(actual, Has.Count.EqualTo(expected.Length));
        for (int step = 0; step < expected.Length; step++)
        {
            double allowed = Rule(Of(golden, "max_abs_err_fp64", output.Name, step), Of(golden, "max_abs_dev_ulp_noise", output.Name, step));
            Assert.That(actual[step], Is.EqualTo(expected[step]).Within(allowed), $"{output.Name} at step {step}");
        }
    }

    private static double Allowed(JsonElement golden, string when, string name) => Rule(
        Of(golden, "max_abs_err_fp64", when, name), Of(golden, "max_abs_dev_ulp_noise", when, name));

    private static double Rule(double error, double noise) => (20 * Math.Max(error, noise)) + 2e-6;

    private static double Of(JsonElement golden, string table, string key, object inner)
    {
        if (!golden.GetProperty(table).TryGetProperty(key, out JsonElement entry)) return 0;
        if (inner is int index) return entry[index].GetDouble();
        return entry.TryGetProperty((string)inner, out JsonElement value) ? value.GetDouble() : 0;
    }
}
