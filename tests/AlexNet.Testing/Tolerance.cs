namespace AlexNetTF.Testing;

/// <summary>How far an actual number may lie from the expected one.</summary>
/// <param name="Bits">Whether the bits must be equal (any NaN equals any NaN; −0 differs from 0).</param>
/// <param name="Error">The largest absolute difference allowed. NaN and infinities must always be equal.</param>
public readonly record struct Tolerance(bool Bits, double Error)
{
    /// <summary>The same bits.</summary>
    public static Tolerance Exact => new(true, 0);

    /// <summary>At most <paramref name="error"/> apart; with 0, equal values where −0 equals 0.</summary>
    public static Tolerance Absolute(double error) => new(false, error);

    /// <summary>At most <paramref name="part"/> of the tensor's largest finite magnitude apart.</summary>
    public static Tolerance OfLargest(GoldenTensor tensor, double part) => new(false, part * tensor.LargestMagnitude);

    /// <summary>The rule for convolutions and their gradients where Winograd computes them.</summary>
    public static Tolerance Winograd(GoldenTensor tensor) => OfLargest(tensor, 1e-5);

    /// <summary>8 · error + 1e-6 · max(1, largest magnitude): the rule for float results in general.</summary>
    /// <param name="tensor">The expected tensor.</param>
    /// <param name="maxAbsErrFp64">How far the reference itself lies from a float64 evaluation.</param>
    public static Tolerance Float(GoldenTensor tensor, double maxAbsErrFp64) =>
        new(false, (8 * maxAbsErrFp64) + (1e-6 * Math.Max(1, tensor.LargestMagnitude)));

    /// <inheritdoc/>
    public override string ToString() => Bits ? "exact" : $"±{Error:R}";
}
