namespace Platz.Web.Api.OpenApi;

internal static class EndpointDocs
{
    private static readonly FieldDoc[] s_paging =
    [
        Field.Number("page", "From 1."),
        Field.Number("per_page", "At most 500; more than that means 500."),
    ];

    extension(RouteHandlerBuilder route)
    {
        public DocumentedRoute Documents(string id, string tag, string summary)
        {
            var doc = new OperationDoc(id, tag, summary);
            route.WithMetadata(doc);
            return new DocumentedRoute(doc);
        }
    }

    /// <summary>Goes on with what <c>Documents</c> began.</summary>
    internal sealed class DocumentedRoute(OperationDoc doc)
    {
        public DocumentedRoute Query(params FieldDoc[] fields)
        {
            doc.Query.AddRange(fields);
            return this;
        }

        public DocumentedRoute Body(params FieldDoc[] fields)
        {
            doc.Body = fields;
            return this;
        }

        public DocumentedRoute Answers<T>(int status = StatusCodes.Status200OK) => Answers(typeof(T), status);

        public DocumentedRoute Answers(Type record, int status = StatusCodes.Status200OK)
        {
            (doc.Answer, doc.Status) = (record, status);
            return this;
        }

        public DocumentedRoute AnswersList<T>() => AnswersList(typeof(T));

        public DocumentedRoute AnswersList(Type record)
        {
            (doc.Answer, doc.IsList) = (record, true);
            return Query(s_paging);
        }

        public DocumentedRoute AnswersMedia(params string[] types)
        {
            doc.Media = types;
            return this;
        }

        /// <summary>Always with one: what is asked for is not here.</summary>
        public DocumentedRoute AnswersProblem()
        {
            doc.Status = StatusCodes.Status501NotImplemented;
            return this;
        }

        public DocumentedRoute AnswersNothing()
        {
            doc.Status = StatusCodes.Status204NoContent;
            return this;
        }

        /// <summary>The existing product has no such route.</summary>
        public DocumentedRoute IsOurs(bool isOurs = true)
        {
            doc.IsAddition = isOurs;
            return this;
        }
    }
}
