namespace AlexNetTF.Kernels;

/// <summary>
/// The tiles along one direction of a picture: <see cref="Short"/> of 4 outputs, then <see cref="Long"/> of 5 (3 taps only). One of
/// 5 stands at the end where it saves a whole tile: 13 = 4 + 4 + 5 outputs take 6 + 6 + 7 cells instead of 4 · 6. More of
/// them would save little and cost accuracy. A function of picture and filter alone.
/// </summary>
internal readonly struct WinogradAxis
{
    internal WinogradAxis(int outputs, int taps)
    {
        int tiles = (outputs + WinogradTransform.Outputs - 1) / WinogradTransform.Outputs;
        Long = taps == 3 && outputs > WinogradTransform.Outputs && outputs % WinogradTransform.Outputs == 1 ? 1 : 0;
        Short = Long == 0 ? tiles : tiles - 2;
        Cells = Short * WinogradTransform.Size(taps) + Long * (WinogradTransform.Size(taps) + 1);
    }

    /// <summary>Tiles of 4 outputs.</summary>
    internal int Short { get; }

    /// <summary>Tiles of 5 outputs, behind the others.</summary>
    internal int Long { get; }

    internal int Tiles => Short + Long;

    /// <summary>Cells of all tiles together.</summary>
    internal int Cells { get; }

    /// <summary>Outputs of the longest tile.</summary>
    internal int Longest => WinogradTransform.Outputs + Math.Min(1, Long);

    /// <summary>First output of a tile; for the tile behind the last one the end.</summary>
    internal int Start(int tile) => tile * WinogradTransform.Outputs + Math.Max(0, tile - Short);

    internal bool IsLong(int tile) => tile >= Short;

    internal int Outputs(int tile) => tile < Short ? WinogradTransform.Outputs : WinogradTransform.Outputs + 1;
}
