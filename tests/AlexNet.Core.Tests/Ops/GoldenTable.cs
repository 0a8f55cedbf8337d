using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Ops;

/// <summary>By which rule of the golden data's page numbers are compared.</summary>
public enum GoldenRule
{
    /// <summary>Floats within 8 times the reference's own error plus 1e-6 of the largest magnitude; all else exactly.</summary>
    General,

    /// <summary>Outputs and gradients bit for bit.</summary>
    Exact,

    /// <summary>Within 1e-5 of the largest magnitude, where Winograd's algorithm may compute.</summary>
    Convolution,
}

/// <summary>How a case's graph is made and compared.</summary>
/// <param name="Build">Takes inputs and attributes from the case and names the outputs.</param>
/// <param name="Rule">How numbers are compared.</param>
public sealed record GoldenEntry(Action<GoldenGraph> Build, GoldenRule Rule)
{
    /// <summary>The tolerance of an output.</summary>
    public Tolerance ToleranceOf(GoldenCase golden, string output) => Widest(golden.ToleranceOf(output), golden.Outputs[output]);

    /// <summary>The tolerance of an input's gradient.</summary>
    public Tolerance ToleranceOfGradient(GoldenCase golden, string input) => Widest(golden.ToleranceOfGradient(input), golden.Gradients[input]!);

    private Tolerance Widest(Tolerance general, GoldenTensor tensor) => Rule switch
    {
        GoldenRule.Exact => Tolerance.Exact,
        GoldenRule.Convolution when tensor.IsFloat => Tolerance.Absolute(Math.Max(general.Error, Tolerance.Winograd(tensor).Error)),
        _ => general,
    };
}

/// <summary>The builders by the golden cases' op names.</summary>
public sealed class GoldenTable
{
    private readonly Dictionary<string, GoldenEntry> entries = new(StringComparer.Ordinal);

    /// <summary>Adds an op.</summary>
    public void Add(string op, Action<GoldenGraph> build, GoldenRule rule = GoldenRule.General) => entries.Add(op, new GoldenEntry(build, rule));

    /// <summary>The op's entry, or null.</summary>
    public GoldenEntry? Find(string op) => entries.GetValueOrDefault(op);
}
