namespace AlexNetTF;

/// <summary>The gradient of Max and Min over dimensions: shared equally by all elements that have the extreme value.</summary>
internal static class ExtremeGradients
{
    public static IReadOnlyList<Tensor?> Of(Operation op, Tensor dy)
    {
        Tensor x = op.Inputs[0], axes = op.Inputs[1];
        Tensor kept = KeptShape.Of(ArrayOps.Shape(x), axes);
        Tensor y = ArrayOps.Reshape(op.Output, kept);
        dy = ArrayOps.Reshape(dy, kept);
        Tensor chosen = MathOps.Cast(MathOps.Equal(y, x), dy.DType);
        Tensor count = ArrayOps.Reshape(MathOps.Sum(chosen, (Operand)axes), kept);
        return [chosen / count * dy, null];
    }
}
