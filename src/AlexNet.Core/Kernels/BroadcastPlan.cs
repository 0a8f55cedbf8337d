namespace AlexNetTF.Kernels;

/// <summary>
/// How up to three operands of NumPy-compatible shapes walk together through the result. Dimensions of size 1 are left
/// out, neighbours that every operand treats alike become one, and what is left is rows of <see cref="Inner"/>
/// elements: in a row each operand either moves with the result or stays on one value.
/// </summary>
internal sealed class BroadcastPlan
{
    private const int BlockElements = 1 << 15;
    private readonly int operands;
    private readonly int[] outer;
    private readonly long[] outerStrides;
    private readonly bool[] moves;

    /// <param name="shapes">The operands' sizes; they must be compatible.</param>
    public BroadcastPlan(params ReadOnlySpan<int[]> shapes)
    {
        operands = shapes.Length;
        Result = ResultOf(shapes);
        Count = 1;
        foreach (int size in Result) Count *= size;
        (List<int> sizes, List<long[]> strides) = Merge(shapes);
        int last = sizes.Count - 1;
        Inner = last < 0 ? 1 : sizes[last];
        moves = last < 0 ? new bool[operands] : Array.ConvertAll(strides[last], stride => stride != 0);
        outer = last < 0 ? [] : [.. sizes.Take(last)];
        outerStrides = last < 0 ? [] : [.. strides.Take(last).SelectMany(each => each)];
        Rows = Count == 0 ? 0 : Count / Inner;
        RowsPerBlock = Math.Max(1, BlockElements / Math.Max(1, Inner));
    }

    /// <summary>The result's sizes.</summary>
    public int[] Result { get; }

    /// <summary>The result's number of elements.</summary>
    public long Count { get; }

    /// <summary>Elements of a row.</summary>
    public int Inner { get; }

    /// <summary>The number of rows, 0 where the result is empty.</summary>
    public long Rows { get; }

    /// <summary>The number of dimensions outside a row.</summary>
    public int OuterRank => outer.Length;

    /// <summary>Blocks of work: a single row is cut by elements, several are handed out whole. Never depends on threads.</summary>
    public int Blocks => (int)(Rows == 1
        ? (Inner + BlockElements - 1) / BlockElements
        : (Rows + RowsPerBlock - 1) / RowsPerBlock);

    private int RowsPerBlock { get; }

    /// <summary>Whether an operand has a value of its own for each element of a row.</summary>
    public bool Moves(int operand) => moves[operand];

    /// <summary>The rows of a block and the elements of each.</summary>
    public (long FirstRow, long LastRow, int Start, int Length) Block(int block)
    {
        if (Rows == 1)
        {
            int start = block * BlockElements;
            return (0, 1, start, Math.Min(BlockElements, Inner - start));
        }

        long first = (long)block * RowsPerBlock;
        return (first, Math.Min(Rows, first + RowsPerBlock), 0, Inner);
    }

    /// <summary>Where the operands stand at a row; <paramref name="digits"/> keeps the row's index for <see cref="Advance"/>.</summary>
    public (long A, long B, long C) Seek(long row, Span<int> digits)
    {
        (long A, long B, long C) at = default;
        for (int d = outer.Length - 1; d >= 0; d--)
        {
            digits[d] = (int)(row % outer[d]);
            row /= outer[d];
            Step(ref at, d, digits[d]);
        }

        return at;
    }

    /// <summary>Moves on to the next row.</summary>
    public void Advance(ref (long A, long B, long C) at, Span<int> digits)
    {
        for (int d = outer.Length - 1; d >= 0; d--)
        {
            Step(ref at, d, 1);
            if (++digits[d] < outer[d]) return;
            digits[d] = 0;
            Step(ref at, d, -outer[d]);
        }
    }

    /// <summary>The common shape by NumPy's rule: aligned at the last dimension, sizes equal or 1.</summary>
    public static int[] ResultOf(params ReadOnlySpan<int[]> shapes)
    {
        int rank = 0;
        foreach (int[] shape in shapes) rank = Math.Max(rank, shape.Length);
        var result = new int[rank];
        Array.Fill(result, 1);
        foreach (int[] shape in shapes)
        {
            for (int i = 0; i < shape.Length; i++)
            {
                int d = rank - shape.Length + i;
                if (shape[i] != 1) result[d] = shape[i];
            }
        }

        return result;
    }

    private void Step(ref (long A, long B, long C) at, int dimension, int count)
    {
        int first = dimension * operands;
        at.A += outerStrides[first] * count;
        if (operands > 1) at.B += outerStrides[first + 1] * count;
        if (operands > 2) at.C += outerStrides[first + 2] * count;
    }

    private (List<int> Sizes, List<long[]> Strides) Merge(ReadOnlySpan<int[]> shapes)
    {
        var sizes = new List<int>();
        var strides = new List<long[]>();
        var run = new long[operands];
        Array.Fill(run, 1);
        for (int d = Result.Length - 1; d >= 0; d--)
        {
            int size = Result[d];
            if (size == 1) continue;
            var stride = new long[operands];
            for (int k = 0; k < operands; k++)
            {
                int own = d - (Result.Length - shapes[k].Length);
                stride[k] = own >= 0 && shapes[k][own] != 1 ? run[k] : 0;
                if (stride[k] != 0) run[k] *= size;
            }

            if (sizes.Count > 0 && Continues(strides[0], sizes[0], stride))
            {
                sizes[0] *= size;
            }
            else
            {
                sizes.Insert(0, size);
                strides.Insert(0, stride);
            }
        }

        return (sizes, strides);
    }

    // A dimension and the one inside it are one where every operand either stays in both or moves on through both.
    private static bool Continues(long[] inside, int size, long[] outside)
    {
        for (int k = 0; k < inside.Length; k++)
        {
            if (outside[k] != inside[k] * size) return false;
        }

        return true;
    }
}
