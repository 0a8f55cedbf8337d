using NN = AlexNetTF.Nn;

namespace AlexNetTF.TensorFlow.Tests;

/// <summary>A graph of a dozen ops chosen by a seed, with a loss and the gradients of its inputs.</summary>
internal sealed class RandomGraph
{
    private const int Ops = 12;
    private readonly Random random;
    private readonly List<Tensor> pool = [];

    public RandomGraph(int seed, DType type)
    {
        random = new Random(seed);
        Inputs = new OpInputs(type);
        for (int i = 0; i < 3; i++) pool.Add(Inputs.In(-1, 1, Dims(random.Next(1, 5))));
        for (int i = 0; i < Ops; i++) pool.Add(Next(Pick()));
        Tensor loss = MathOps.AddN([.. pool.Skip(pool.Count - 4).Select(tensor => MathOps.Mean(MathOps.Square(tensor)))]);
        Fetches = [.. pool.Skip(3), loss, .. AlexNetTF.Gradients.Compute(loss, [.. Inputs.Differentiable]).OfType<Tensor>()];
    }

    public OpInputs Inputs { get; }

    public IReadOnlyList<Tensor> Fetches { get; }

    private Tensor Pick() => pool[random.Next(pool.Count)];

    private int[] Dims(int rank) => [.. Enumerable.Range(0, rank).Select(_ => random.Next(1, 6))];

    private Tensor Next(Tensor x)
    {
        int rank = x.Shape.Rank;
        int axis = rank == 0 ? 0 : random.Next(rank);
        return random.Next(22) switch
        {
            0 => MathOps.Tanh(x),
            1 => MathOps.Sigmoid(x),
            2 => NN.Relu(x),
            3 => MathOps.Sin(x),
            4 => MathOps.Exp(MathOps.Tanh(x)),
            5 => MathOps.Sqrt(MathOps.Square(x) + Inputs.Number(0.5)),
            6 => MathOps.Neg(x) * Inputs.Number(0.7),
            7 => x + Inputs.In(-1, 1, x.Shape.ToArray()),
            8 => x * Inputs.In(-1, 1, rank == 0 ? [] : [x.Shape[rank - 1]!.Value]),
            9 => x - MathOps.Mean(x, rank == 0 ? null : [axis], keepDims: true),
            10 => x / (MathOps.Square(x) + Inputs.Number(1)),
            11 => MathOps.Maximum(x, Inputs.In(-1, 1, x.Shape.ToArray())),
            12 => rank == 0 ? x : MathOps.Sum(x, [axis]),
            13 => rank == 0 ? x : MathOps.Max(x, [axis], keepDims: true),
            14 => ArrayOps.Reshape(x, new[] { -1 }),
            15 => rank < 2 ? x : ArrayOps.Transpose(x, Enumerable.Range(0, rank).Reverse().ToArray()),
            16 => rank == 0 ? x : ArrayOps.Concat([x, MathOps.Cos(x)], axis),
            17 => rank == 0 ? x : ArrayOps.Tile(x, Enumerable.Range(0, rank).Select(i => i == axis ? 2 : 1).ToArray()),
            18 => rank == 0 ? x : NN.Softmax(x),
            19 => rank == 0 ? x : ArrayOps.Slice(x, new int[rank], Enumerable.Range(0, rank).Select(i => i == axis ? 1 : -1).ToArray()),
            20 => Product(x),
            _ => Picture(x),
        };
    }

    private Tensor Product(Tensor x)
    {
        Tensor rows = ArrayOps.Reshape(x, new[] { 1, -1 });
        return MathOps.MatMul(rows, Inputs.In(-0.5, 0.5, rows.Shape[1]!.Value, random.Next(1, 6)));
    }

    private Tensor Picture(Tensor x)
    {
        Tensor pixels = ArrayOps.Reshape(x, new[] { 1, -1, 1, 1 });
        Tensor conv = NN.Conv2D(pixels, Inputs.In(-1, 1, 3, 3, 1, 2), [1, 1, 1, 1], Padding.Same);
        return NN.MaxPool(NN.BiasAdd(conv, Inputs.In(-1, 1, 2)), [1, 2, 2, 1], [1, 1, 1, 1], Padding.Same);
    }
}
