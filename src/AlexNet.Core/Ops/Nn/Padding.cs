namespace AlexNetTF;

/// <summary>What stands outside the picture while a window moves over it.</summary>
public enum Padding
{
    /// <summary>As many zeros as it takes that the output has ⌈size / stride⌉ cells; the odd one goes to bottom and right.</summary>
    Same,

    /// <summary>Nothing: the window stays inside the picture.</summary>
    Valid,
}

/// <summary>A padding rule as TensorFlow's attributes hold it: SAME, VALID, or EXPLICIT with eight numbers.</summary>
internal sealed class WindowPadding
{
    private WindowPadding(string name, int[] sizes)
    {
        Name = name;
        Sizes = sizes;
    }

    /// <summary>The value of the attribute <c>padding</c>.</summary>
    public string Name { get; }

    /// <summary>The value of <c>explicit_paddings</c>: two numbers per dimension of NHWC, or empty.</summary>
    public int[] Sizes { get; }

    public bool IsSame => Name == "SAME";

    public bool IsExplicit => Name == "EXPLICIT";

    public static implicit operator WindowPadding(Padding padding) => new(padding == Padding.Same ? "SAME" : "VALID", []);

    /// <summary>Zeros as listed: before and after, for each of the four dimensions.</summary>
    public static WindowPadding Explicit(ReadOnlySpan<int> sizes) => new("EXPLICIT", sizes.ToArray());

    /// <summary>The rule that TensorFlow's attributes describe.</summary>
    public static WindowPadding Parse(string name, ReadOnlySpan<int> sizes) => new(name, sizes.ToArray());

    /// <summary>The broken rule, or null where all is well.</summary>
    public string? Problem()
    {
        if (Name is not ("SAME" or "VALID" or "EXPLICIT")) return $"the padding must be SAME, VALID or EXPLICIT; it is {Name}";
        if (!IsExplicit) return Sizes.Length == 0 ? null : $"explicit paddings go with the padding EXPLICIT only; the padding is {Name}";
        if (Sizes.Length != 8) return $"explicit paddings are 8 numbers, two per dimension of NHWC; there are {Sizes.Length}";
        if (Array.Exists(Sizes, size => size < 0)) return $"explicit paddings must not be negative; they are ({string.Join(",", Sizes)})";
        return Sizes[0] == 0 && Sizes[1] == 0 && Sizes[6] == 0 && Sizes[7] == 0
            ? null
            : $"batch and channels cannot be padded; the paddings are ({string.Join(",", Sizes)})";
    }
}

/// <summary>
/// How a window moves over one dimension. With e = (kernel − 1)·dilation + 1 the output has ⌈n / stride⌉ cells for SAME
/// (padded by P = max(0, (out − 1)·stride + e − n), ⌊P/2⌋ of it before), else ⌊(n + before + after − e + stride) / stride⌋.
/// </summary>
internal readonly record struct Window(int Input, int Kernel, int Stride, int Dilation, int Before, int Output)
{
    /// <summary>Cells from the window's first to its last.</summary>
    public int Extent => Extend(Kernel, Dilation);

    /// <summary>The first cell inside the picture that an output's window covers; without dilation.</summary>
    public int First(int output) => Math.Max(0, (output * Stride) - Before);

    /// <summary>The cell behind the last one inside the picture that an output's window covers; without dilation.</summary>
    public int End(int output) => Math.Min(Input, (output * Stride) - Before + Kernel);

    /// <summary>The window over dimension 1 (rows) or 2 (columns); a negative <see cref="Output"/> says that it does not fit.</summary>
    public static Window Of(int input, int kernel, int stride, int dilation, WindowPadding padding, int dimension)
    {
        int extent = Extend(kernel, dilation);
        if (padding.IsSame)
        {
            int output = (input + stride - 1) / stride;
            return new Window(input, kernel, stride, dilation, Math.Max(0, ((output - 1) * stride) + extent - input) / 2, output);
        }

        int before = padding.IsExplicit ? padding.Sizes[2 * dimension] : 0;
        int after = padding.IsExplicit ? padding.Sizes[(2 * dimension) + 1] : 0;
        int room = input + before + after - extent + stride;
        return new Window(input, kernel, stride, dilation, before, room / stride);
    }

    private static int Extend(int kernel, int dilation) => ((kernel - 1) * dilation) + 1;
}
