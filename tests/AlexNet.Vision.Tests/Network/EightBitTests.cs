using AlexNetTF.Testing;

namespace AlexNetTF.Tests;

/// <summary>The whole network with weights as bytes: nearly the same scores, the same answers.</summary>
public class EightBitTests
{
    [Test]
    public async Task ShippedPicturesHaveTheSameAnswers()
    {
        ImageSource[] pictures = [.. PathSet.Expand([Path.Combine(Golden.Repository, "samples", "demo", "fashion", "test"), Path.Combine(Golden.Repository, "samples", "images")])];
        int[] exact = await AnswersAsync(Precision.Float32, pictures), bytes = await AnswersAsync(Precision.Int8, pictures);
        Assert.That(exact, Has.Length.EqualTo(203));
        Assert.That(bytes, Is.EqualTo(exact));
    }

    [Test]
    public void ScoresOfPhotographsStayWithinTwoHundredthsOfTheirRange([Values(Topology.Article, Topology.Bvlc)] Topology topology)
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(null, 227, 227, 3), "x");
        var net = new AlexNet(x, 1f, 1000, topology: topology);
        using Session exact = new(graph), bytes = new(graph, new SessionOptions { Precision = Precision.Int8 });
        RecipeWeights.Assign(exact, "");
        RecipeWeights.Assign(bytes, "");
        foreach (string photo in Directory.GetFiles(Path.Combine(Golden.Repository, "samples", "images"), "*.jpeg"))
        {
            var feeds = new Feeds { [x] = ImageInput.Load(photo, Preprocessing.Bvlc) };
            float[] expected = exact.Run(net.Fc8, feeds).ToArray<float>(), found = bytes.Run(net.Fc8, feeds).ToArray<float>();
            double worst = expected.Zip(found, (a, b) => Math.Abs(a - b)).Max() / (expected.Max() - expected.Min());
            TestContext.Out.WriteLine($"{Path.GetFileName(photo)}: {worst:p2} of the range");
            Assert.That(worst, Is.InRange(1e-6, 0.02), photo);
            // Made-up weights leave a thousand classes close together: the answer may be another one that is as good but for the rounding.
            double lead = expected.Max() - expected[Array.IndexOf(found, found.Max())];
            Assert.That(lead / (expected.Max() - expected.Min()), Is.LessThanOrEqualTo(2 * worst), photo);
        }
    }

    private static async Task<int[]> AnswersAsync(Precision precision, ImageSource[] pictures)
    {
        var options = new ClassifierOptions { Seed = 1, Classes = 10, Session = new SessionOptions { Precision = precision } };
        using ImageClassifier classifier = ImageClassifier.Load(Path.Combine(Golden.Repository, "samples", "demo", "fashion.npy"), options);
        var answers = new List<int>();
        await foreach (ClassifiedImage image in classifier.ClassifyAsync(pictures, top: 1)) answers.Add(image.Predictions![0].Index);
        return [.. answers];
    }
}
