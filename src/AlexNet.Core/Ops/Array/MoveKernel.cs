using AlexNetTF.Kernels;

namespace AlexNetTF;

/// <summary>One box that a kernel moves.</summary>
/// <param name="Input">The input that it comes from; −1 for <paramref name="Value"/>.</param>
/// <param name="InputOffset">Its first element there.</param>
/// <param name="Output">The output that it goes to.</param>
/// <param name="OutputOffset">Its first element there.</param>
/// <param name="Copy">The box.</param>
/// <param name="Value">A constant that is repeated, where no input is read.</param>
internal sealed record Move(int Input, long InputOffset, int Output, long OutputOffset, StridedCopy Copy, TensorData? Value = null);

/// <summary>The kernel of every op that only puts elements elsewhere: a list of boxes, whatever the element type.</summary>
internal sealed unsafe class MoveKernel : Kernel
{
    private readonly Move[] moves;
    private readonly int elementSize;

    private MoveKernel(int elementSize, IEnumerable<Move> moves)
    {
        this.elementSize = elementSize;
        this.moves = [.. moves.Where(move => move.Copy.Count > 0)];
    }

    /// <summary>Makes the kernel; where one input would become the output unchanged, none of its bytes moves.</summary>
    /// <param name="spec">The op's inputs and outputs, all moved ones of one element type.</param>
    /// <param name="moves">The boxes; together they cover every output element.</param>
    public static Kernel Of(KernelSpec spec, params IEnumerable<Move> moves)
    {
        var kernel = new MoveKernel(spec.Output(0).Type.Size(), moves);
        return kernel.moves is [{ Input: >= 0, Output: 0, Copy.IsPlain: true } whole]
            && spec.OutputCount == 1
            && whole.Copy.Count == spec.Output(0).Count
            && whole.Copy.Count == spec.Input(whole.Input).Count
            ? Alias(whole.Input)
            : kernel;
    }

    public override void Run(KernelContext context)
    {
        foreach (Move move in moves)
        {
            byte* source = move.Value is { } value ? value.Memory.Pointer : (byte*)context.InputPointer(move.Input);
            move.Copy.Run(
                source + (move.InputOffset * elementSize),
                (byte*)context.OutputPointer(move.Output) + (move.OutputOffset * elementSize),
                context.Threads);
        }
    }
}

/// <summary>Makes boxes for ops.</summary>
internal static class Moves
{
    /// <summary>A whole input to a whole output in the order of its elements.</summary>
    public static Move Whole(KernelSpec spec, int input, int output = 0) =>
        new(input, 0, output, 0, Plain(spec.Output(output).Type, spec.Output(output).Count));

    /// <summary>The box of sizes <paramref name="dims"/> that begins at <paramref name="begin"/> of an input, to a whole output.</summary>
    public static Move Cut(KernelSpec spec, int input, ReadOnlySpan<int> begin, ReadOnlySpan<int> dims, int output = 0)
    {
        long[] strides = StridedCopy.RowMajor(spec.Input(input).Dims);
        return new(input, Offset(begin, strides), output, 0, new StridedCopy(spec.Output(output).Type.Size(), dims, strides, StridedCopy.RowMajor(dims)));
    }

    /// <summary>A whole input of sizes <paramref name="dims"/> to the box that begins at <paramref name="begin"/> of an output.</summary>
    public static Move Paste(KernelSpec spec, int input, ReadOnlySpan<int> begin, ReadOnlySpan<int> dims, int output = 0)
    {
        long[] strides = StridedCopy.RowMajor(spec.Output(output).Dims);
        return new(input, 0, output, Offset(begin, strides), new StridedCopy(spec.Output(output).Type.Size(), dims, StridedCopy.RowMajor(dims), strides));
    }

    /// <summary>Rows of elements that lie together; the rows themselves stand apart.</summary>
    /// <param name="spec">The kernel's inputs and outputs.</param>
    /// <param name="rows">How many.</param>
    /// <param name="length">Elements of one.</param>
    /// <param name="from">The input, the first row's place there, and the distance between rows.</param>
    /// <param name="to">The output, the first row's place there, and the distance between rows.</param>
    public static Move Rows(KernelSpec spec, long rows, long length, (int Input, long Start, long Distance) from, (int Output, long Start, long Distance) to) =>
        new(from.Input, from.Start, to.Output, to.Start, new StridedCopy(
            spec.Output(to.Output).Type.Size(),
            [checked((int)rows), checked((int)length)],
            [from.Distance, 1],
            [to.Distance, 1]));

    /// <summary>One value into every element of a box of an output.</summary>
    /// <param name="spec">The kernel's outputs.</param>
    /// <param name="input">The scalar input, or −1.</param>
    /// <param name="value">The constant, where no input is read.</param>
    /// <param name="begin">Where the box begins.</param>
    /// <param name="dims">The box's sizes.</param>
    public static Move Fill(KernelSpec spec, int input, TensorData? value, ReadOnlySpan<int> begin, ReadOnlySpan<int> dims)
    {
        long[] strides = StridedCopy.RowMajor(spec.Output(0).Dims);
        return new(input, 0, 0, Offset(begin, strides), new StridedCopy(spec.Output(0).Type.Size(), dims, new long[dims.Length], strides), value);
    }

    /// <summary>One value into every element of output 0.</summary>
    public static Move FillAll(KernelSpec spec, int input, TensorData? value = null) =>
        Fill(spec, input, value, new int[spec.Output(0).Rank], spec.Output(0).Dims);

    private static StridedCopy Plain(DType type, long count)
    {
        // A dimension is an int; a longer row is cut in two.
        int[] dims = count <= int.MaxValue ? [(int)count] : [checked((int)((count + (1 << 20) - 1) >> 20)), 1 << 20];
        return new StridedCopy(type.Size(), dims, StridedCopy.RowMajor(dims), StridedCopy.RowMajor(dims));
    }

    private static long Offset(ReadOnlySpan<int> begin, long[] strides)
    {
        long offset = 0;
        for (int i = 0; i < begin.Length; i++) offset += begin[i] * strides[i];
        return offset;
    }
}
