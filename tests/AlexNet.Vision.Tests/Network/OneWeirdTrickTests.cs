using System.Runtime.InteropServices;
using System.Text.Json;
using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.Tests;

/// <summary>torchvision's network from a file as PyTorch saves it, on the photographs: topology and preprocessing are chosen by the file alone.</summary>
public class OneWeirdTrickTests
{
    public static IEnumerable<TestCaseData> Cases => Golden.Files("alexnet", "owt-*.json");

    [TestCaseSource(nameof(Cases))]
    public void EveryLayerAgreesWithTorchvision(string path)
    {
        JsonElement golden = Golden.ReadJson(path);
        using var folder = new TempFolder();
        Save(folder["x"], golden);
        using ImageClassifier classifier = ImageClassifier.Load(folder["x"]);
        Assert.That(classifier.Network.Topology, Is.EqualTo(Topology.OneWeirdTrick));
        Assert.That(classifier.Preprocessing, Is.EqualTo(Preprocessing.Torchvision));
        Assert.That(classifier.Report!.Loaded.Count(), Is.EqualTo(16));

        NDArray input = ImageInput.Load(Golden.Photograph(golden.GetProperty("photo").GetString()!), classifier.Preprocessing);
        JsonProperty[] activations = [.. golden.GetProperty("activations").EnumerateObject()];
        NDArray[] results = classifier.Session.Run(
            [classifier.Network.Fc8, .. activations.Select(activation => TensorOf(classifier.Network, activation.Name))],
            new Feeds { [classifier.Network.Input] = input, [classifier.Network.KeepProb] = 1f });

        GoldenTensor scores = GoldenTensor.Of<float>([.. golden.GetProperty("scores").EnumerateArray().Select(score => score.GetSingle())], 1, classifier.Network.NumClasses);
        Assert.Multiple(() =>
        {
            scores.AssertEqual(results[0], Tolerance.OfLargest(scores, 1e-5), "scores");
            for (int i = 0; i < activations.Length; i++)
            {
                GoldenTensor expected = GoldenTensor.Parse(activations[i].Value);
                NDArray found = results[i + 1].ndim == 4 ? results[i + 1].transpose([0, 3, 1, 2]).copy() : results[i + 1];
                expected.AssertEqual(found, Tolerance.OfLargest(expected, 1e-5), activations[i].Name);
            }
        });
        IReadOnlyList<Prediction> best = classifier.Classify(Golden.Photograph(golden.GetProperty("photo").GetString()!), golden.GetProperty("top5").GetArrayLength());
        Assert.That(best.Select(prediction => prediction.Index), Is.EqualTo(golden.GetProperty("top5").EnumerateArray().Select(item => item.GetInt32())));
    }

    // torchvision counts modules: a convolution before its ReLU, a pooling, a dense layer's ReLU.
    private static Tensor TensorOf(AlexNet net, string module) => module switch
    {
        "input" => net.Input,
        "features.0" => net["conv1"].Op.Inputs[0],
        "features.2" => net["pool1"],
        "features.3" => net["conv2"].Op.Inputs[0],
        "features.5" => net["pool2"],
        "features.6" => net["conv3"].Op.Inputs[0],
        "features.8" => net["conv4"].Op.Inputs[0],
        "features.10" => net["conv5"].Op.Inputs[0],
        "features.12" => net["pool5"],
        "classifier.2" => net["fc6"],
        "classifier.5" => net["fc7"],
        _ => throw new InvalidDataException($"There is no module {module} in this test."),
    };

    private static void Save(string path, JsonElement golden)
    {
        JsonElement weights = golden.GetProperty("weights");
        string prefix = weights.GetProperty("prefix").GetString()!;
        int classes = golden.GetProperty("scores").GetArrayLength();
        (string Name, double R, long[] Shape)[] tensors =
            [.. weights.GetProperty("r").EnumerateObject().Select(r => (r.Name, r.Value.GetDouble(), ShapeOf(r.Name, classes)))];
        TorchFile.SaveMembers(
            path,
            TorchFile.Dictionary([.. tensors.Select((tensor, i) => (tensor.Name, TorchFile.Tensor($"{i}", tensor.Shape)))]),
            tensors.Select((tensor, i) => (
                $"x/data/{i}", MemoryMarshal.AsBytes<float>(Recipe.Fill(prefix + tensor.Name, tensor.Shape.Aggregate(1L, (a, b) => a * b), -tensor.R, tensor.R)).ToArray())));
    }

    private static long[] ShapeOf(string name, int classes)
    {
        long[] shape = name[..name.LastIndexOf('.')] switch
        {
            "features.0" => [64, 3, 11, 11],
            "features.3" => [192, 64, 5, 5],
            "features.6" => [384, 192, 3, 3],
            "features.8" => [256, 384, 3, 3],
            "features.10" => [256, 256, 3, 3],
            "classifier.1" => [4096, 9216],
            "classifier.4" => [4096, 4096],
            "classifier.6" => [classes, 4096],
            _ => throw new InvalidDataException($"There is no module {name} in this test."),
        };
        return name.EndsWith(".bias", StringComparison.Ordinal) ? [shape[0]] : shape;
    }
}
