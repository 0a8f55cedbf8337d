using FsCheck;
using FsCheck.Fluent;
using NumSharp;

namespace AlexNetTF.TensorFlow.Tests;

/// <summary>Random graphs and their gradients in both engines, in float32 and float64.</summary>
public class RandomGraphTests : NeedsTensorFlow
{
    private const string Variable = "ALEXNET_GRAPH_SEEDS";
    private const int UsualSeeds = 200;

    [Test]
    public void BothEnginesAgree()
    {
        int seeds = int.TryParse(Environment.GetEnvironmentVariable(Variable), out int asked) ? asked : UsualSeeds;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(seeds), Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), Agree));
    }

    private static void Agree(int seed)
    {
        List<NDArray> ours = Run(seed, DType.Float32, new SessionOptions()), theirs = Run(seed, DType.Float32, NeedsTensorFlow.Plain);
        List<NDArray> oursWide = Run(seed, DType.Float64, new SessionOptions()), theirsWide = Run(seed, DType.Float64, NeedsTensorFlow.Plain);
        for (int i = 0; i < ours.Count; i++)
        {
            string what = $"seed {seed}, result {i}";
            double[] a = Comparison.Doubles(ours[i]), b = Comparison.Doubles(theirs[i]), wideA = Comparison.Doubles(oursWide[i]), wide = Comparison.Doubles(theirsWide[i]);
            Assert.That(ours[i].shape, Is.EqualTo(theirs[i].shape), what);
            double size = Math.Max(1, Comparison.Largest(wide));
            Comparison.RequireWithin(wideA, wide, 1e-10 * size, $"{what} in float64");

            // Three times the larger distance from float64; our own distance may not be of another order than TensorFlow's.
            double mine = Comparison.Distance(a, wide), its = Comparison.Distance(b, wide);
            Comparison.RequireWithin(a, b, 3 * Math.Max(mine, its), what);
            Assert.That(mine, Is.LessThanOrEqualTo((50 * its) + (1e-4 * size)), $"{what}: distance from float64");
        }
    }

    private static List<NDArray> Run(int seed, DType type, SessionOptions options)
    {
        var graph = new RandomGraph(seed, type);
        using var session = new Session(graph.Inputs.Graph, options);
        return [.. session.Run([.. graph.Fetches], graph.Inputs.Feeds)];
    }
}
