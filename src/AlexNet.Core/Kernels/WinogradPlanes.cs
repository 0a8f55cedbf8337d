namespace AlexNetTF.Kernels;

/// <summary>
/// Memory for transformed tiles, [cell][tile that has it][channels]. Where blocks of tiles are whole pictures of three tiles or more
/// in each direction, the cells of wide tiles, of tall ones and the corners share planes: together they are fewer than the tiles.
/// </summary>
internal sealed unsafe class WinogradPlanes
{
    private readonly WinogradShape _shape;
    private readonly bool _shares;

    internal WinogradPlanes(WinogradShape shape, int tiles, int pitch)
    {
        _shape = shape;
        _shares = shape.X.Tiles > 2 && shape.Y.Tiles > 2 && tiles % shape.Tiles == 0;
        Pitch = pitch;
        // One line more, so that the planes do not share a set of the cache.
        Plane = (nint)tiles * pitch + 16;
    }

    /// <summary>Floats from tile to tile.</summary>
    internal nint Pitch { get; }

    /// <summary>Floats from cell to cell.</summary>
    internal nint Plane { get; }

    internal long Length => (_shares && _shape.Cells > _shape.Regular ? _shape.Regular + _shape.Size : _shape.Cells) * (long)Plane;

    /// <summary>The places of the tile behind <paramref name="done"/> ones in a block of <paramref name="all"/>.</summary>
    internal WinogradCursor Cursor(float* memory, in WinogradCounts all, in WinogradCounts done)
    {
        float* right = memory + _shape.FirstRight * Plane;
        float* bottom = _shares ? right + all.Wide * Pitch : memory + _shape.FirstBottom * Plane;
        float* corner = _shares ? bottom + all.Tall * Pitch : memory + _shape.Corner * Plane;
        return WinogradCursor.Over(memory + done.All * Pitch, right + done.Wide * Pitch, bottom + done.Tall * Pitch, corner + done.Both * Pitch, Pitch);
    }
}
