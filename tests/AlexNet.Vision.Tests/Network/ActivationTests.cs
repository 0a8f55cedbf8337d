using System.Text.Json;
using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.Tests;

/// <summary>The whole network on the photographs against TensorFlow, layer by layer.</summary>
public class ActivationTests
{
    public static IEnumerable<TestCaseData> Cases => Golden.Files("alexnet", "activations-*.json");

    [TestCaseSource(nameof(Cases))]
    public void EveryLayerAgreesWithTensorFlow(string path)
    {
        JsonElement golden = Golden.ReadJson(path);
        string photo = Golden.Photograph(golden.GetProperty("photo").GetString()!);
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(null, 227, 227, 3), "x");
        Tensor keepProb = graph.Placeholder(DType.Float32, Shape.Scalar, "keep_prob");
        int classes = golden.GetProperty("layers").GetProperty("fc8").GetProperty("shape")[1].GetInt32();
        var net = new AlexNet(x, keepProb, classes, topology: Enum.Parse<Topology>(golden.GetProperty("topology").GetString()!, ignoreCase: true));
        using var session = new Session(graph);
        RecipeWeights.Assign(session, golden.GetProperty("salt").GetString()!);
        NDArray input = ImageInput.Load(photo, Preprocessing.Bvlc);
        GoldenTensor.Parse(golden.GetProperty("input")).AssertEqual(input, Tolerance.Exact, "input");

        JsonProperty[] layers = [.. golden.GetProperty("layers").EnumerateObject()];
        NDArray[] results = session.Run(
            [.. layers.Select(layer => net[layer.Name])],
            new Feeds { [x] = input, [keepProb] = (float)golden.GetProperty("keep_prob").GetDouble() });

        Assert.Multiple(() =>
        {
            for (int i = 0; i < layers.Length; i++)
            {
                GoldenTensor expected = GoldenTensor.Parse(layers[i].Value);
                expected.AssertEqual(results[i], Tolerance.OfLargest(expected, 1e-5), layers[i].Name);
            }
        });
        RequireTop5(golden.GetProperty("top5"), results[Array.FindIndex(layers, layer => layer.Name == "fc8")].ToArray<float>());
    }

    private static void RequireTop5(JsonElement expected, float[] scores)
    {
        int[] best = [.. Enumerable.Range(0, scores.Length).OrderByDescending(index => scores[index]).Take(expected.GetArrayLength())];
        Assert.That(best, Is.EqualTo(expected.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Number ? item.GetInt32() : item[0].GetInt32())));
    }
}
