using System.Numerics;
using System.Numerics.Tensors;

namespace AlexNetTF;

/// <summary>
/// The arithmetic of softmax and its relatives on one row. z = x − max, so that exp cannot overflow; the sum of
/// exponentials runs in double from left to right, so that its bits depend on nothing but the row.
/// </summary>
internal static class SoftmaxRows
{
    /// <summary>Writes z = x − max(x) and gives the sum of exp(z); <paramref name="exponentials"/> receives exp(z).</summary>
    public static double Exponentials<T>(ReadOnlySpan<T> x, Span<T> z, Span<T> exponentials)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // A NaN is passed over here and comes back through x − max and exp.
        T max = x[0];
        foreach (T value in x) max = value > max || T.IsNaN(max) ? value : max;
        TensorPrimitives.Subtract(x, max, z);
        TensorPrimitives.Exp(z, exponentials);
        double sum = 0;
        foreach (T value in exponentials) sum += double.CreateTruncating(value);
        return sum;
    }

    /// <summary>softmax = exp(z) / Σ exp(z).</summary>
    public static void Softmax<T>(ReadOnlySpan<T> x, Span<T> softmax)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (x.Length == 0) return;
        T sum = T.CreateTruncating(Exponentials(x, softmax, softmax));
        TensorPrimitives.Divide(softmax, sum, softmax);
    }

    /// <summary>log softmax = z − log Σ exp(z).</summary>
    /// <param name="x">The row.</param>
    /// <param name="logSoftmax">The result; may be the row itself.</param>
    /// <param name="scratch">As long as a row.</param>
    public static void LogSoftmax<T>(ReadOnlySpan<T> x, Span<T> logSoftmax, Span<T> scratch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (x.Length == 0) return;
        T log = T.CreateTruncating(Math.Log(Exponentials(x, logSoftmax, scratch)));
        TensorPrimitives.Subtract(logSoftmax, log, logSoftmax);
    }
}
