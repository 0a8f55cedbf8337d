using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// A matrix of floats as bytes with one scale a column: scale[j] = max over k of |w[k, j]| / 127, q[k, j] = w[k, j] / scale[j]
/// rounded to the nearest, ties to even. A column with a value that is infinite or no number has the scale NaN and zeros, so
/// that its products are NaN.
/// </summary>
internal static unsafe class EightBitMatrix
{
    private const int BlockColumns = 64;

    /// <summary>Bytes of the scales, which stand before the numbers.</summary>
    internal static long ScaleBytes(int columns) => ((long)columns * sizeof(float) + 63) / 64 * 64;

    /// <summary>Bytes of both.</summary>
    internal static long Bytes(int rows, int columns) => ScaleBytes(columns) + (long)rows * columns;

    /// <summary>Computes scales and numbers of a matrix stored by rows.</summary>
    internal static void Quantize(float* w, int rows, int columns, float* scales, sbyte* q, int threads) =>
        Workers.For(threads, (columns + BlockColumns - 1) / BlockColumns, new Block(w, rows, columns, scales, q));

    private readonly struct Block(float* w, int rows, int columns, float* scales, sbyte* q) : IBlock
    {
        private readonly float* _w = w;
        private readonly int _rows = rows;
        private readonly int _columns = columns;
        private readonly float* _scales = scales;
        private readonly sbyte* _q = q;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int block)
        {
            int first = block * BlockColumns, count = Math.Min(BlockColumns, _columns - first);
            float* scale = _scales + first, inverse = stackalloc float[BlockColumns];
            for (int j = 0; j < count; j++)
                scale[j] = 0;
            for (int k = 0; k < _rows; k++)
            {
                float* row = _w + (long)k * _columns + first;
                for (int j = 0; j < count; j++)
                {
                    float size = MathF.Abs(row[j]);
                    // A NaN that was met stays.
                    scale[j] = size <= scale[j] || float.IsNaN(scale[j]) ? scale[j] : float.IsFinite(size) ? size : float.NaN;
                }
            }
            for (int j = 0; j < count; j++)
            {
                scale[j] /= 127;
                inverse[j] = scale[j] > 0 && float.IsNormal(scale[j]) ? 1 / scale[j] : 0;
            }
            for (int k = 0; k < _rows; k++)
            {
                float* row = _w + (long)k * _columns + first;
                sbyte* target = _q + (long)k * _columns + first;
                for (int j = 0; j < count; j++)
                    target[j] = inverse[j] == 0 ? (sbyte)0 : (sbyte)Math.Clamp(MathF.Round(row[j] * inverse[j]), -127, 127);
            }
        }
    }
}
