using System.Numerics;
using System.Numerics.Tensors;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>The sum of tensors of one shape and type; no broadcasting (<c>tf.add_n</c>, op AddN).</summary>
    /// <param name="inputs">At least one tensor. A single one is passed on, by an Identity where a name is given.</param>
    /// <param name="name">The node's name.</param>
    /// <exception cref="GraphException">There is no input, or shapes or types differ.</exception>
    public static Tensor AddN(IReadOnlyList<Tensor> inputs, string? name = null) => inputs.Count switch
    {
        0 => throw new GraphException("AddN needs at least one tensor; the list is empty."),
        1 => name is null ? inputs[0] : ArrayOps.Identity(inputs[0], name),
        _ => inputs[0].Graph.Add(new AddNOp(), inputs, name),
    };
}

internal sealed class AddNOp : OpDef
{
    public override string Type => "AddN";

    public override Gradient Gradient => Gradient.Of((op, dy) => [.. Enumerable.Repeat(dy[0], op.Inputs.Count)]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("N", op.Inputs.Count);
        attributes.Add("T", op.Inputs[0].DType);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        inputs.SameType(0, inputs.Count - 1);
        Shape shape = inputs[0].Shape;
        for (int i = 1; i < inputs.Count; i++)
        {
            shape = shape.MergeWith(inputs[i].Shape)
                ?? throw inputs.Error($"all inputs must have one shape; {shape} and {inputs[i].Shape} (input {i}) differ");
        }

        return [new(inputs.Require(0, NumberTypes.All), shape)];
    }

    public override Kernel CreateKernel(KernelSpec spec) => spec.Input(0).Type switch
    {
        DType.Float32 => new AddNKernel<float>(spec.InputCount),
        DType.Float64 => new AddNKernel<double>(spec.InputCount),
        DType.Int32 => new AddNKernel<int>(spec.InputCount),
        DType.Int64 => new AddNKernel<long>(spec.InputCount),
        DType.Int16 => new AddNKernel<short>(spec.InputCount),
        DType.Int8 => new AddNKernel<sbyte>(spec.InputCount),
        _ => new AddNKernel<byte>(spec.InputCount),
    };

    // Adds the inputs from left to right. A chunk's sum is kept aside until all inputs are read, since the result may be
    // written over any of them, and one tensor may be several of them.
    private sealed unsafe class AddNKernel<T>(int count) : Kernel
        where T : unmanaged, INumber<T>
    {
        private const int BlockElements = 1 << 15;
        private const int ChunkElements = 1 << 10;

        public override bool MayOverwrite(int input) => true;

        public override void Run(KernelContext context)
        {
            int elements = (int)context.OutputInfo(0).Count;
            Workers.For(context.Threads, (elements + BlockElements - 1) / BlockElements, new Block(context, count, elements));
        }

        private readonly struct Block(KernelContext context, int inputs, int elements) : IBlock
        {
            public void Run(int block)
            {
                int end = Math.Min(elements, (block + 1) * BlockElements);
                Span<T> chunk = stackalloc T[ChunkElements];
                for (int start = block * BlockElements; start < end; start += ChunkElements)
                {
                    Span<T> sum = chunk[..Math.Min(ChunkElements, end - start)];
                    TensorPrimitives.Add(Input(0, start, sum.Length), Input(1, start, sum.Length), sum);
                    for (int i = 2; i < inputs; i++) TensorPrimitives.Add(sum, Input(i, start, sum.Length), sum);
                    sum.CopyTo(new Span<T>((T*)context.OutputPointer(0) + start, sum.Length));
                }
            }

            private ReadOnlySpan<T> Input(int index, int start, int length) => new((T*)context.InputPointer(index) + start, length);
        }
    }
}
