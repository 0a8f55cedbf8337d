using System.Globalization;
using System.Text.Json;
using AlexNetTF.FineTuning;
using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.Tests;

/// <summary>The fine-tuner's own graph of the whole network against TensorFlow's steps: losses, first gradients, variables.</summary>
public class GoldenTuningTests
{
    public static IEnumerable<TestCaseData> Cases => Golden.Files("alexnet", "t*-*.json");

    /// <summary>
    /// The article takes gradients by tf.gradients, which does not wait for all of them before the updates: with plain
    /// descent TensorFlow may change a layer's weights before the error flows back through them. The fine-tuner waits. A
    /// file holds one of both orders: where it is not the fine-tuner's, the same graph with the other order must agree.
    /// </summary>
    [TestCaseSource(nameof(Cases))]
    public void StepsAgreeWithTensorFlow(string path)
    {
        JsonElement golden = Golden.ReadJson(path);
        string[] waiting = Differences(golden, waits: true);
        if (waiting.Length == 0) return;
        string[] eager = golden.GetProperty("optimizer").GetString() == "sgd" && golden.GetProperty("train").GetArrayLength() > 1 ? Differences(golden, waits: false) : waiting;
        Assert.That(eager, Is.Empty, string.Join('\n', waiting.Prepend("waiting for all gradients:")));
    }

    private static string[] Differences(JsonElement golden, bool waits)
    {
        FineTunerOptions options = OptionsOf(golden);
        var topology = Enum.Parse<Topology>(golden.GetProperty("topology").GetString()!, ignoreCase: true);
        float[] losses = [.. golden.GetProperty("losses").EnumerateArray().Select(loss => (float)loss.GetDouble())];
        using var network = new TrainingNetwork(options, topology, golden.GetProperty("classes").GetInt32(), losses.Length);
        RecipeWeights.Assign(network.Session, golden.GetProperty("salt").GetString()!, network.Parameters);
        network.Session.Run(network.Graph.VariablesInitializer([.. network.State, network.Step]));
        EagerSteps? eager = waits ? null : new EagerSteps(network, options.LearningRate);

        var found = new List<string>();
        for (int step = 0; step < losses.Length; step++)
        {
            var feeds = new Feeds { [network.Input] = Pictures(golden, step) };
            network.Feed(feeds, Labels(golden, step), options.KeepProb);
            (float loss, IReadOnlyDictionary<string, NDArray> gradients) = eager?.Run(feeds) ?? Step(network, feeds, withGradients: step == 0);
            double allowed = Allowed(golden, "losses", null) * losses.Max();
            if (!(Math.Abs(loss - losses[step]) <= allowed)) found.Add($"loss of step {step}: {loss:R}, TensorFlow {losses[step]:R}, allowed {allowed:E2}");
            if (step == 0)
            {
                foreach ((string name, NDArray value) in gradients) Judge(found, golden, "gradients_step0", golden.GetProperty("gradients_step0"), name, value);
            }

            if (!golden.GetProperty("variables").TryGetProperty((step + 1).ToString(CultureInfo.InvariantCulture), out JsonElement after)) continue;
            foreach (Variable variable in network.Trained) Judge(found, golden, "variables", after, variable.Op.Name, network.Session.Run(variable.Value));
        }

        return [.. found];
    }

    private static (float Loss, IReadOnlyDictionary<string, NDArray> Gradients) Step(TrainingNetwork network, Feeds feeds, bool withGradients)
    {
        GradientAndVariable[] asked = withGradients ? [.. network.Gradients] : [];
        NDArray?[] values = network.Session.Run([network.Loss, network.Train, .. asked.Select(pair => (Fetch)pair.Gradient!)], feeds);
        return (values[0]!.GetAtIndex<float>(0), asked.Zip(values.Skip(2)).ToDictionary(pair => pair.First.Variable.Op.Name, pair => pair.Second!));
    }

    private static FineTunerOptions OptionsOf(JsonElement golden)
    {
        float Number(string name, float otherwise) => golden.TryGetProperty(name, out JsonElement value) ? (float)value.GetDouble() : otherwise;
        return new FineTunerOptions
        {
            TrainLayers = [.. golden.GetProperty("train").EnumerateArray().Select(layer => layer.GetString()!)],
            Optimizer = Enum.Parse<OptimizerKind>(golden.GetProperty("optimizer").GetString()!, ignoreCase: true),
            LearningRate = Number("learning_rate", 0),
            Momentum = Number("momentum", 0),
            Beta1 = Number("beta1", 0.9f),
            Beta2 = Number("beta2", 0.999f),
            Epsilon = Number("epsilon", 1e-8f),
            KeepProb = Number("keep_prob", 1),
            BatchSize = golden.GetProperty("batch").GetInt32(),
            Seed = golden.GetProperty("graph_seed") is { ValueKind: JsonValueKind.Number } seed ? seed.GetInt64() : 1,
        };
    }

    private static NDArray Pictures(JsonElement golden, int step)
    {
        int[] shape = [golden.GetProperty("batch").GetInt32(), 227, 227, 3];
        JsonElement recipe = golden.GetProperty("input");
        NDArray values = Recipe.Fill(Name(recipe, step), shape, recipe[2].GetDouble(), recipe[3].GetDouble());
        return values.reshape(shape);
    }

    private static int[] Labels(JsonElement golden, int step)
    {
        JsonElement recipe = golden.GetProperty("labels");
        return Recipe.FillInt(Name(recipe, step), golden.GetProperty("batch").GetInt32(), recipe[2].GetInt32());
    }

    private static string Name(JsonElement recipe, int step) => recipe[1].GetString()!.Replace("<step>", step.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static void Judge(List<string> found, JsonElement golden, string table, JsonElement tensors, string name, NDArray actual)
    {
        GoldenTensor expected = GoldenTensor.Parse(tensors.GetProperty(name));
        if (expected.Difference<float>(actual.ToArray<float>(), expected.Shape, Tolerance.OfLargest(expected, Allowed(golden, table, name))) is { } difference) found.Add($"{table} {name}: {difference}");
    }

    private static double Allowed(JsonElement golden, string table, string? name)
    {
        JsonElement spread = golden.GetProperty("spread_between_tensorflow_kernels").GetProperty(table);
        return Math.Max(1e-5, 3 * (name is null ? spread : spread.GetProperty(name)).GetDouble());
    }
}
