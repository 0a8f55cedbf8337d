using AlexNetTF.Testing;

namespace AlexNetTF.Tests;

/// <summary>
/// The published answers with the real weights (BGR, resized to 227 × 227 without crop, minus the mean, keepProb 1).
/// ALEXNET_BVLC names the weight file, which is not part of the repository.
/// </summary>
public class PublishedAnswerTests
{
    private const string Variable = "ALEXNET_BVLC";

    [TestCase(Topology.Bvlc, "llama", 0.9984)]
    [TestCase(Topology.Bvlc, "sealion", 0.9834)]
    [TestCase(Topology.Bvlc, "zebra", 1.0000)]
    [TestCase(Topology.Article, "llama", 0.8966)]
    [TestCase(Topology.Article, "sealion", 0.9392)]
    [TestCase(Topology.Article, "zebra", 0.9999)]
    public void TopProbabilityIsThePublishedOne(Topology topology, string photograph, double probability)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } weights)
        {
            Assert.Ignore($"{Variable} does not name bvlc_alexnet.npy");
            return;
        }

        using ImageClassifier classifier = ImageClassifier.Load(weights, new ClassifierOptions { Topology = topology });

        Prediction best = classifier.Classify(Golden.Photograph(photograph), 1)[0];

        Assert.That(best.Label.Replace(" ", "", StringComparison.Ordinal), Does.Contain(photograph), "the photograph shows what its name says");
        Assert.That(best.Probability, Is.EqualTo(probability).Within(0.0001));
    }
}
