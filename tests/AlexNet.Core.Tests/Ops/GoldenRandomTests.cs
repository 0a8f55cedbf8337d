using System.Text.Json;
using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.Tests.Ops;

/// <summary>Every case of golden/random: seeds, numbers and counters of random ops over consecutive runs of one session.</summary>
public class GoldenRandomTests
{
    // Sine, cosine and logarithm differ between libraries.
    private const double NormalError = 2e-6;

    private static IEnumerable<TestCaseData> Cases => Golden.Cases("random");

    [TestCaseSource(nameof(Cases))]
    public void SeedsAndNumbers(GoldenCase golden)
    {
        if (RandomCase.Build(golden) is not { } built)
        {
            Assert.Fail($"No builder for the op {golden.Op}.");
            return;
        }

        CheckSeeds(golden, built.Graph);
        using var session = new Session(built.Graph);
        int number = 0;
        foreach (JsonElement run in golden.Root.Get("runs").EnumerateArray())
        {
            number++;
            if (built.Initializer is { } initializer) session.Run(initializer);
            string[] names = [.. run.EnumerateArray().Select(name => name.GetString()!)];
            NDArray[] values = session.Run([.. names.Select(name => built.Outputs[name])], built.Feeds);
            for (int i = 0; i < names.Length; i++)
            {
                GoldenTensor expected = golden.Outputs[$"{names[i]}.run{number}"];
                expected.AssertEqual(values[i], ToleranceOf(golden, expected, built.Graph), $"{names[i]} of run {number}");
            }
        }

        Assert.That(number, Is.GreaterThan(0), "runs");
    }

    private static Tolerance ToleranceOf(GoldenCase golden, GoldenTensor expected, Graph graph)
    {
        bool normal = graph.Operations.Any(op => op.Type is "RandomStandardNormal" or "TruncatedNormal");
        if (normal && expected.IsFloat) return Tolerance.Absolute(NormalError);
        return golden.Op == "dropout" ? Tolerance.Float(expected, 0) : Tolerance.Exact;
    }

    private static void CheckSeeds(GoldenCase golden, Graph graph)
    {
        Operation[] ops = [.. graph.Operations.Where(op => op.GetAttributes()["seed2"] is not null)];
        JsonElement[] nodes = [.. golden.Root.Get("random_nodes").EnumerateArray()];
        Assert.That(ops.Select(op => op.Type), Is.EqualTo(nodes.Select(node => node.Text("op"))));
        for (int i = 0; i < ops.Length; i++)
        {
            AttributeMap attributes = ops[i].GetAttributes();
            Assert.That((attributes["seed"], attributes["seed2"]), Is.EqualTo(((object)nodes[i].Long("seed"), (object)nodes[i].Long("seed2"))), $"seeds of {ops[i].Name}");
        }
    }
}
