namespace AlexNetTF.Vision.Tests.Imaging;

/// <summary>The four resizing kernels written down plainly, one channel value at a time, in the formulas' own order.</summary>
internal static class NaiveResize
{
    /// <summary>Scales bytes [h, w, 3] to [th, tw, 3].</summary>
    internal static float[] Run(byte[] source, int w, int h, int tw, int th, ResizeKernel kernel)
    {
        float[] result = new float[tw * th * 3];
        for (int y = 0; y < th; y++)
        {
            for (int x = 0; x < tw; x++)
            {
                for (int c = 0; c < 3; c++)
                {
                    result[(((y * tw) + x) * 3) + c] = kernel switch
                    {
                        ResizeKernel.OpenCvLinear => OpenCv(At, w, h, tw, th, x, y, c),
                        ResizeKernel.OpenCvLinearFloat => OpenCvFloat(At, w, h, tw, th, x, y, c),
                        ResizeKernel.TensorFlowBilinear => TensorFlow(At, w, h, tw, th, x, y, c),
                        _ => Pillow(At, w, h, tw, th, x, y, c),
                    };
                }
            }
        }

        return result;

        int At(int x, int y, int c) => source[(((y * w) + x) * 3) + c];
    }

    private static float OpenCv(Func<int, int, int, int> at, int w, int h, int tw, int th, int x, int y, int c)
    {
        if (w == 2 * tw && h == 2 * th)
            return (at(2 * x, 2 * y, c) + at((2 * x) + 1, 2 * y, c) + at(2 * x, (2 * y) + 1, c) + at((2 * x) + 1, (2 * y) + 1, c) + 2) >> 2;
        (int sx, float fx) = Position(w, tw, x);
        (int sy, float fy) = Position(h, th, y);
        if (sx < 0)
            (sx, fx) = (0, 0);
        if (sx >= w - 1)
            (sx, fx) = (w - 1, 0);
        int Row(int row)
        {
            row = Math.Clamp(row, 0, h - 1);
            int right = fx == 0 && sx == w - 1 ? 0 : at(sx + 1, row, c);
            return (at(sx, row, c) * Fixed(1 - fx)) + (right * Fixed(fx));
        }

        return (((Fixed(1 - fy) * (Row(sy) >> 4)) >> 16) + ((Fixed(fy) * (Row(sy + 1) >> 4)) >> 16) + 2) >> 2;
    }

    private static float OpenCvFloat(Func<int, int, int, int> at, int w, int h, int tw, int th, int x, int y, int c)
    {
        if (w == 2 * tw && h == 2 * th)
            return (at(2 * x, 2 * y, c) + at((2 * x) + 1, 2 * y, c) + at(2 * x, (2 * y) + 1, c) + at((2 * x) + 1, (2 * y) + 1, c)) * 0.25f;
        (int sx, float fx) = Position(w, tw, x);
        (int sy, float fy) = Position(h, th, y);
        if (sx < 0 || sx >= w - 1)
            fx = 0;
        float Row(int row)
        {
            row = Math.Clamp(row, 0, h - 1);
            float left = at(Math.Clamp(sx, 0, w - 1), row, c) * (1 - fx);
            float right = at(Math.Clamp(sx + 1, 0, w - 1), row, c) * fx;
            return left + right;
        }

        float above = Row(sy) * (1 - fy);
        float below = Row(sy + 1) * fy;
        return above + below;
    }

    private static float TensorFlow(Func<int, int, int, int> at, int w, int h, int tw, int th, int x, int y, int c)
    {
        float vx = x * (w / (float)tw), vy = y * (h / (float)th);
        int left = (int)MathF.Floor(vx), right = Math.Min((int)MathF.Ceiling(vx), w - 1);
        int top = (int)MathF.Floor(vy), bottom = Math.Min((int)MathF.Ceiling(vy), h - 1);
        float tx = vx - MathF.Floor(vx), ty = vy - MathF.Floor(vy);
        float above = Lerp(at(left, top, c), at(right, top, c), tx);
        float below = Lerp(at(left, bottom, c), at(right, bottom, c), tx);
        return Lerp(above, below, ty);
    }

    private static float Pillow(Func<int, int, int, int> at, int w, int h, int tw, int th, int x, int y, int c)
    {
        (int column, int[] across) = PillowTaps(w, tw, x);
        (int row, int[] down) = PillowTaps(h, th, y);
        long sum = 1 << 21;
        for (int j = 0; j < down.Length; j++)
        {
            long inner = 1 << 21;
            for (int i = 0; i < across.Length; i++)
                inner += (long)at(column + i, row + j, c) * across[i];
            sum += Math.Clamp(inner >> 22, 0, 255) * down[j];
        }

        return Math.Clamp(sum >> 22, 0, 255);
    }

    private static (int From, int[] Weights) PillowTaps(int source, int target, int i)
    {
        double scale = source / (double)target;
        double support = Math.Max(1, scale), centre = (i + 0.5) * scale;
        int from = Math.Max(0, (int)(centre - support + 0.5)), to = Math.Min(source, (int)(centre + support + 0.5));
        double[] weights = [.. Enumerable.Range(from, to - from).Select(p => Math.Max(0, 1 - Math.Abs((p - centre + 0.5) * (1 / support))))];
        double total = weights.Sum();
        return (from, [.. weights.Select(weight => (int)((weight / total * (1 << 22)) + 0.5))]);
    }

    private static (int Below, float Share) Position(int source, int target, int i)
    {
        float at = (float)(((i + 0.5) * (1.0 / ((double)target / source))) - 0.5);
        return ((int)MathF.Floor(at), at - MathF.Floor(at));
    }

    private static int Fixed(float share) => (int)Math.Round(share * 2048f, MidpointRounding.ToEven);

    private static float Lerp(float a, float b, float t)
    {
        float step = (b - a) * t;
        return a + step;
    }
}
