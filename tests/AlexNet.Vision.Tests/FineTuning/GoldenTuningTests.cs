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

    [TestCaseSource(nameof(Cases))]
    public void StepsAgreeWithTensorFlow(string path)
    {
        JsonElement golden = Golden.ReadJson(path);
        FineTunerOptions options = OptionsOf(golden);
        float[] losses = [.. golden.GetProperty("losses").EnumerateArray().Select(loss => (float)loss.GetDouble())];
        using var network = new TrainingNetwork(options, Enum.Parse<Topology>(golden.GetProperty("topology").GetString()!, ignoreCase: true), golden.GetProperty("classes").GetInt32(), losses.Length);
        RecipeWeights.Assign(network.Session, golden.GetProperty("salt").GetString()!, network.Parameters);
        network.Session.Run(network.Graph.VariablesInitializer([.. network.State, network.Step]));

        Assert.Multiple(() =>
        {
            for (int step = 0; step < losses.Length; step++)
            {
                var feeds = new Feeds { [network.Input] = Pictures(golden, step) };
                network.Feed(feeds, Labels(golden, step), options.KeepProb);
                GradientAndVariable[] asked = step == 0 ? [.. network.Gradients] : [];
                NDArray?[] values = network.Session.Run([network.Loss, network.Train, .. asked.Select(pair => (Fetch)pair.Gradient!)], feeds);
                Assert.That(values[0]!.GetAtIndex<float>(0), Is.EqualTo(losses[step]).Within(Allowed(golden, "losses", null) * losses.Max()), $"loss of step {step}");
                foreach ((GradientAndVariable pair, NDArray? value) in asked.Zip(values.Skip(2))) Judge(golden, "gradients_step0", golden.GetProperty("gradients_step0"), pair.Variable.Op.Name, value!);
                if (golden.GetProperty("variables").TryGetProperty((step + 1).ToString(CultureInfo.InvariantCulture), out JsonElement after))
                {
                    foreach (Variable variable in network.Trained) Judge(golden, "variables", after, variable.Op.Name, network.Session.Run(variable.Value));
                }
            }
        });
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

    private static void Judge(JsonElement golden, string table, JsonElement tensors, string name, NDArray actual)
    {
        GoldenTensor expected = GoldenTensor.Parse(tensors.GetProperty(name));
        expected.AssertEqual(actual, Tolerance.OfLargest(expected, Allowed(golden, table, name)), $"{table} {name}");
    }

    private static double Allowed(JsonElement golden, string table, string? name)
    {
        JsonElement spread = golden.GetProperty("spread_between_tensorflow_kernels").GetProperty(table);
        return Math.Max(1e-5, 3 * (name is null ? spread : spread.GetProperty(name)).GetDouble());
    }
}
