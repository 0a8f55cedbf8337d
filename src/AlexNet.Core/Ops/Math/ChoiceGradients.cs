namespace AlexNetTF;

/// <summary>The gradient of Maximum and Minimum: to the operand that was chosen, on a tie to the first, for NaN to the second.</summary>
internal static class ChoiceGradients
{
    public static IReadOnlyList<Tensor?> Of(Tensor x, Tensor y, Tensor dy, Func<Operand, Operand, string?, Tensor> choosesX)
    {
        Tensor shapeX = ArrayOps.Shape(x), shapeY = ArrayOps.Shape(y);
        Tensor zeros = ArrayOps.Zeros(ArrayOps.Shape(dy), dy.DType);
        Tensor mask = choosesX(x, y, null);
        (Tensor axesX, Tensor axesY) = MathOps.BroadcastGradientArgs(shapeX, shapeY);
        Tensor dx = new Unbroadcast(shapeX, axesX, true).Apply(MathOps.Where(mask, dy, zeros));
        return [dx, new Unbroadcast(shapeY, axesY, true).Apply(MathOps.Where(mask, zeros, dy))];
    }
}
