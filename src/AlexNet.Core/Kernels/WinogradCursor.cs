namespace AlexNetTF.Kernels;

/// <summary>How many tiles of each kind: all, those that are longer to the right, those longer downwards, those longer both ways.</summary>
internal readonly record struct WinogradCounts(int All, int Wide, int Tall, int Both);

/// <summary>
/// Where a tile's cells lie. All tiles have the regular cells; wide ones a column more (one cell for each regular row), tall ones
/// a row more, and a tile that is both the corner. Each kind lies by itself, so that its matrix products have no gaps.
/// </summary>
internal unsafe struct WinogradCursor
{
    internal float* Cells;
    internal float* Right;
    internal float* Bottom;
    internal float* Corner;

    // From one tile that has such cells to the next, in floats.
    private nint _step;
    private nint _rightStep;
    private nint _bottomStep;
    private nint _cornerStep;

    /// <summary>Over transformed inputs, [cell][tile that has it][channels], after <paramref name="done"/> tiles.</summary>
    internal static WinogradCursor OverInput(WinogradShape shape, float* memory, nint plane, nint pitch, in WinogradCounts done) => new()
    {
        Cells = memory + done.All * pitch,
        Right = memory + shape.FirstRight * plane + done.Wide * pitch,
        Bottom = memory + shape.FirstBottom * plane + done.Tall * pitch,
        Corner = memory + shape.Corner * plane + done.Both * pitch,
        _step = pitch,
        _rightStep = pitch,
        _bottomStep = pitch,
        _cornerStep = pitch,
    };

    /// <summary>Each kind of cells from its own place on, <paramref name="pitch"/> floats from tile to tile.</summary>
    internal static WinogradCursor Over(float* cells, float* right, float* bottom, float* corner, nint pitch) => new()
    {
        Cells = cells,
        Right = right,
        Bottom = bottom,
        Corner = corner,
        _step = pitch,
        _rightStep = pitch,
        _bottomStep = pitch,
        _cornerStep = pitch,
    };

    /// <summary>Over sums, [kind][tile that has it][cell][32].</summary>
    internal static WinogradCursor OverSums(WinogradShape shape, float* memory, in WinogradCounts counts)
    {
        nint cells = shape.Regular * GemmPack.PanelColumns, line = shape.Size * GemmPack.PanelColumns;
        float* right = memory + counts.All * cells, bottom = right + counts.Wide * line;
        return new()
        {
            Cells = memory,
            Right = right,
            Bottom = bottom,
            Corner = bottom + counts.Tall * line,
            _step = cells,
            _rightStep = line,
            _bottomStep = line,
            _cornerStep = GemmPack.PanelColumns,
        };
    }

    /// <summary>To the next tile, behind one that was <paramref name="wide"/> or <paramref name="tall"/>.</summary>
    internal void Next(bool wide, bool tall)
    {
        Cells += _step;
        if (wide)
            Right += _rightStep;
        if (tall)
            Bottom += _bottomStep;
        if (wide && tall)
            Corner += _cornerStep;
    }
}
