namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>The place of the smallest element along a dimension, which disappears: the first of equal ones, NaN passed over (<c>tf.argmin</c>).</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The dimension, negative from the end; 0 if null.</param>
    /// <param name="outputType">The type of the places, int64 or int32.</param>
    /// <param name="name">The node's name.</param>
    public static Tensor ArgMin(Tensor x, Operand? axis = null, DType outputType = DType.Int64, string? name = null) =>
        Arg(new ArgMinOp(outputType), x, axis ?? 0, name);
}

internal sealed class ArgMinOp(DType outputType) : ArgOp(outputType, smallest: true)
{
    public override string Type => "ArgMin";
}
