namespace AlexNetTF.Kernels;

/// <summary>
/// The tiles along one direction of a picture: <see cref="Short"/> of 4 outputs, or of 3 (5 taps only), then <see cref="Long"/> of 5
/// (3 taps only). One of 5 stands at the end where it saves a whole tile: 13 = 4 + 4 + 5 outputs take 6 + 6 + 7 cells instead of 4 · 6. More of
/// them would save little and cost accuracy. A function of picture and filter alone.
/// </summary>
internal readonly struct WinogradAxis
{
    internal WinogradAxis(int outputs, int taps, int tile = WinogradTransform.Outputs)
    {
        Regular = tile;
        int tiles = (outputs + tile - 1) / tile;
        Long = taps == 3 && outputs > tile && outputs % tile == 1 ? 1 : 0;
        Short = Long == 0 ? tiles : tiles - 2;
        Cells = Short * (tile + taps - 1) + Long * (tile + taps);
    }

    /// <summary>Outputs of a regular tile.</summary>
    internal int Regular { get; }

    /// <summary>Regular tiles.</summary>
    internal int Short { get; }

    /// <summary>Tiles of one output more, behind the others.</summary>
    internal int Long { get; }

    internal int Tiles => Short + Long;

    /// <summary>Cells of all tiles together.</summary>
    internal int Cells { get; }

    /// <summary>Outputs of the longest tile.</summary>
    internal int Longest => Regular + Math.Min(1, Long);

    /// <summary>First output of a tile; for the tile behind the last one the end.</summary>
    internal int Start(int tile) => tile * Regular + Math.Max(0, tile - Short);

    internal bool IsLong(int tile) => tile >= Short;

    internal int Outputs(int tile) => tile < Short ? Regular : Regular + 1;
}
