using System.Globalization;
using System.Runtime.InteropServices;
using AlexNetTF.Testing;
using AlexNetTF.Tests.Ops.Nn;
using NumSharp;

namespace AlexNetTF.Tests.Ops;

/// <summary>The same bits on narrower hardware, in processes that lack the wider instructions.</summary>
public class MathBitsTests
{
    private const string Functions = "ALEXNET_TEST_BITS_OF_FUNCTIONS";
    private const string Sums = "ALEXNET_TEST_BITS_OF_SUMS";

    // Without AVX2 there is no fused multiply-add, which the exponential and its like are made of.
    [TestCase("DOTNET_EnableAVX512", true)]
    [TestCase("DOTNET_EnableAVX2", false)]
    public void NarrowerHardwareGivesTheSameBits(string withoutInstructions, bool functionsToo)
    {
        if (ChildProcess.IsChild) return;
        var environment = new Dictionary<string, string?>
        {
            [withoutInstructions] = "0",
            [Sums] = Text(BitsOf(SumsOf)),
            [Functions] = functionsToo ? Text(BitsOf(FunctionsOf)) : null,
        };

        TestTotals totals = ChildProcess.RunTests($"FullyQualifiedName~{nameof(BitsAreTheParents)}", environment);

        Assert.That((totals.Failed, totals.Passed), Is.EqualTo((0, functionsToo ? 2 : 1)), totals.Output);
    }

    [TestCase(Sums), TestCase(Functions)]
    public void BitsAreTheParents(string variable)
    {
        if (!ChildProcess.IsChild) return;
        string? expected = Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrEmpty(expected)) Assert.Ignore("The parent asks for the other bits only.");
        Assert.That(Text(BitsOf(variable == Sums ? SumsOf : FunctionsOf)), Is.EqualTo(expected));
    }

    private static Tensor[] SumsOf(Tensor x) =>
    [
        MathOps.Sum(x), MathOps.Sum(x, [0]), MathOps.Sum(x, [1]), MathOps.Mean(x), MathOps.Max(x, [0]), MathOps.Min(x, [1]), MathOps.Prod(x, [1]),
        AlexNetTF.Nn.L2Loss(x), x * x - x / 3f, MathOps.Sqrt(MathOps.Abs(x)), MathOps.AddN([x, x, x]), MathOps.Cast(MathOps.ArgMax(x, 1), DType.Float32),
    ];

    private static Tensor[] FunctionsOf(Tensor x) =>
        [MathOps.Exp(x), MathOps.Log(MathOps.Abs(x)), MathOps.Tanh(x), MathOps.Sigmoid(x), MathOps.Pow(MathOps.Abs(x), 0.75f), MathOps.Log1p(MathOps.Abs(x))];

    private static ulong BitsOf(Func<Tensor, Tensor[]> build)
    {
        int[] dims = [301, 457];
        NDArray[] found = OpRun.Run(t => build(t[0]), [OpRun.Of(OpRun.Floats("bits", dims), dims)]);
        return Recipe.Fnv1a64(MemoryMarshal.AsBytes<float>(found.SelectMany(each => each.ToArray<float>()).ToArray()));
    }

    private static string Text(ulong bits) => bits.ToString("x16", CultureInfo.InvariantCulture);
}
