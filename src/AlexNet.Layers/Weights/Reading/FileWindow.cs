namespace AlexNetTF.Weights;

/// <summary>A window on a file for parsers that take small pieces one behind the other.</summary>
internal sealed class FileWindow(WeightBytes file)
{
    private const int Length = 1 << 16;

    private readonly byte[] _bytes = new byte[(int)Math.Clamp(file.Length, 16, Length)];
    private long _start;
    private int _filled;

    public WeightBytes File => file;

    /// <summary>
    /// The bytes from <paramref name="position"/> on, as many as the window has before <paramref name="end"/> and at
    /// least <paramref name="count"/>, which must lie before the end. Valid until the next call.
    /// </summary>
    public ReadOnlySpan<byte> At(long position, int count, long end)
    {
        if (position < _start || position + count > _start + _filled)
        {
            _start = position;
            _filled = (int)Math.Min(_bytes.Length, file.Length - position);
            file.Read(position, _bytes.AsSpan(0, _filled));
        }

        int offset = (int)(position - _start);
        return _bytes.AsSpan(offset, (int)Math.Min(_filled - offset, end - position));
    }
}
