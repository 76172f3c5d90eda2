namespace Platz.Core.Charts;

internal static class BoundedStream
{
    extension(Stream stream)
    {
        /// <summary>All of the stream, or null when it holds more than <paramref name="limit"/> bytes.</summary>
        public async Task<byte[]?> ReadAtMostAsync(long limit, CancellationToken cancel)
        {
            using var content = new MemoryStream();
            var buffer = new byte[32 * 1024];
            int read;
            while ((read = await stream.ReadAsync(buffer, cancel)) > 0)
            {
                if (content.Length + read > limit)
                {
                    return null;
                }

                content.Write(buffer, 0, read);
            }

            return content.ToArray();
        }
    }
}
