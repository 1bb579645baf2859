module org.example.embedder {
    requires io.slicekeep;
}
